package dev.freehold.services.s3.checksum;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// Checksums of objects that were uploaded in parts, from those of the parts.
public final class Composite {
    private Composite() {}

    /// A part's share in its object.
    ///
    /// @param base64 the part's checksum
    /// @param length how many bytes it has
    public record Share(String base64, long length) {}

    /// The ETag without its quotes: the MD5 of the parts' MD5s, and how many there are.
    ///
    /// @param md5s the parts' ETags, hexadecimal
    public static String eTag(List<String> md5s) {
        Hasher hasher = Algorithm.md5();
        for (String md5 : md5s) {
            add(hasher, HexFormat.of().parseHex(md5));
        }
        return HexFormat.of().formatHex(hasher.value()) + "-" + md5s.size();
    }

    /// The checksum of the parts' checksums, and how many there are.
    public static String composite(Algorithm algorithm, List<Share> parts) {
        Hasher hasher = algorithm.hasher();
        for (Share part : parts) {
            add(hasher, Base64.getDecoder().decode(part.base64()));
        }
        return hasher.base64() + "-" + parts.size();
    }

    /// The checksum of all bytes. Only for algorithms that combine.
    public static String fullObject(Algorithm algorithm, List<Share> parts) {
        byte[] all = algorithm.hasher().value();
        for (Share part : parts) {
            byte[] next = Base64.getDecoder().decode(part.base64());
            all = algorithm.combine(all, next, part.length());
        }
        return Base64.getEncoder().encodeToString(all);
    }

    private static void add(Hasher hasher, byte[] bytes) {
        hasher.update(bytes, 0, bytes.length);
    }
}
