package dev.freehold.services.lambda.code;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A secret of this machine, kept in a file that only the server reads. It makes names that can't
/// be guessed by who knows what they stand for.
public final class Secret {
    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] key;

    private Secret(byte[] key) {
        this.key = key;
    }

    /// Reads the secret, or makes it.
    ///
    /// @param fresh makes texts that can't be guessed
    public static Secret in(Path file, Supplier<String> fresh) throws IOException {
        if (!Files.exists(file)) {
            Path made = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(made);
            Files.createFile(
                    made,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            byte[] text = (fresh.get() + fresh.get()).getBytes(StandardCharsets.UTF_8);
            try (FileChannel out = FileChannel.open(made, StandardOpenOption.WRITE)) {
                out.write(ByteBuffer.wrap(text));
                out.force(true);
            }
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return new Secret(Files.readAllBytes(file));
    }

    /// What `text` stands for here: 64 hexadecimal digits.
    public String of(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
