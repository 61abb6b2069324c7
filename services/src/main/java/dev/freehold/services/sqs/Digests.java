package dev.freehold.services.sqs;

import dev.freehold.services.sqs.SqsTables.Attribute;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The MD5 digests that SDKs check.
///
/// See "Calculating the MD5 message digest for message attributes" on
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html>.
final class Digests {
    private Digests() {}

    static String of(String body) {
        return hex(body.getBytes(StandardCharsets.UTF_8));
    }

    /// Null when there are none.
    static @Nullable String of(Map<String, Attribute> attributes) {
        if (attributes.isEmpty()) {
            return null;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new TreeMap<>(attributes)
                .forEach((name, attribute) -> {
                    put(out, name.getBytes(StandardCharsets.UTF_8));
                    put(out, attribute.type().getBytes(StandardCharsets.UTF_8));
                    byte[] bytes = attribute.bytes();
                    out.write(bytes == null ? 1 : 2);
                    put(
                            out,
                            bytes == null
                                    ? String.valueOf(attribute.text())
                                            .getBytes(StandardCharsets.UTF_8)
                                    : bytes);
                });
        return hex(out.toByteArray());
    }

    /// The digest of the system attributes that a sender set, or null.
    static @Nullable String ofSystem(Map<String, String> system) {
        String trace = system.get("AWSTraceHeader");
        return trace == null
                ? null
                : of(Map.of("AWSTraceHeader", new Attribute("String", trace, null)));
    }

    private static void put(ByteArrayOutputStream out, byte[] bytes) {
        out.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
        out.writeBytes(bytes);
    }

    private static String hex(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
