package dev.freehold.services.sns;

import dev.freehold.storage.Store;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Signs messages with a key that is made once, and shows the certificate that verifies them.
public final class Signer {
    private static final String PREFIX = "/_freehold/sns/SimpleNotificationService-";
    private static final int KEY_BITS = 2048;

    /// A message that goes to many subscribers is signed once.
    private static final int MAX_REMEMBERED = 256;

    private final Store store;
    private final InstantSource clock;
    private final Map<String, String> remembered =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
                    return size() > MAX_REMEMBERED;
                }
            };
    private @Nullable Identity identity;

    /// @param path where the certificate is served
    private record Identity(PrivateKey key, byte[] certificate, String path) {}

    public Signer(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /// The signature of a text in Base64: by SHA-1 for version 1, SHA-256 for version 2.
    String sign(String text, String version) {
        String key = version + text;
        synchronized (remembered) {
            String known = remembered.get(key);
            if (known != null) {
                return known;
            }
        }
        try {
            Signature signature =
                    Signature.getInstance(version.equals("2") ? "SHA256withRSA" : "SHA1withRSA");
            signature.initSign(identity().key);
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            String signed = Base64.getEncoder().encodeToString(signature.sign());
            synchronized (remembered) {
                remembered.put(key, signed);
            }
            return signed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The path under which [#certificate(String)] has the certificate.
    String certificatePath() {
        return identity().path;
    }

    /// The certificate in PEM, or null when the path is not the certificate's.
    public @Nullable String certificate(String path) {
        if (!path.startsWith(PREFIX) || !path.equals(certificatePath())) {
            return null;
        }
        String base64 =
                Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(identity().certificate);
        return "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
    }

    private synchronized Identity identity() {
        Identity known = identity;
        if (known == null) {
            known = load();
            identity = known;
        }
        return known;
    }

    private Identity load() {
        byte[] stored = store.read(tx -> tx.get(SnsTables.SIGNING, "rsa"));
        if (stored == null) {
            byte[] made = make();
            stored =
                    store.update(tx -> {
                        byte[] other = tx.get(SnsTables.SIGNING, "rsa");
                        if (other != null) {
                            return other;
                        }
                        tx.put(SnsTables.SIGNING, "rsa", made);
                        return made;
                    });
        }
        return read(stored);
    }

    private byte[] make() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(KEY_BITS);
            KeyPair pair = generator.generateKeyPair();
            byte[] certificate =
                    Certificates.selfSigned(pair, "sns.amazonaws.com", clock.instant());
            return new ValueWriter()
                    .bytes(pair.getPrivate().getEncoded())
                    .bytes(certificate)
                    .toBytes();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Identity read(byte[] stored) {
        ValueReader in = new ValueReader(stored);
        byte[] key = in.bytes();
        byte[] certificate = in.bytes();
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate);
            String name = HexFormat.of().formatHex(Arrays.copyOf(hash, 16));
            return new Identity(
                    KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(key)),
                    certificate,
                    PREFIX + name + ".pem");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
