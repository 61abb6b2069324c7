package dev.freehold.services.s3.checksum;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.services.s3.checksum.Composite.Share;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ChecksumTest {
    /// The check values of the CRC catalogue, and of FIPS 180, for the digits 1 to 9.
    @ParameterizedTest
    @CsvSource({
        "CRC32, cbf43926",
        "CRC32C, e3069283",
        "CRC64NVME, ae8b14860a799888",
        "SHA1, f7c3bc1d808e04732adf679965ccc34ca7ae3441",
        "SHA256, 15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
    })
    void itAgreesWithThePublishedCheckValue(Algorithm algorithm, String hex) {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);

        assertThat(HexFormat.of().formatHex(hash(algorithm, digits))).isEqualTo(hex);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void bytesInPiecesHashAsBytesAtOnce(Algorithm algorithm) {
        byte[] bytes = bytes(4099, 7);
        Hasher pieces = algorithm.hasher();
        for (int at = 0; at < bytes.length; at += 13) {
            pieces.update(bytes, at, Math.min(13, bytes.length - at));
        }

        assertThat(pieces.value()).isEqualTo(hash(algorithm, bytes));
    }

    @ParameterizedTest
    @EnumSource(names = {"CRC32", "CRC32C", "CRC64NVME"})
    void theFullObjectChecksumIsFoundFromTheParts(Algorithm algorithm) {
        byte[] whole = bytes(100_003, 11);
        List<Share> parts = new ArrayList<>();
        int[] cuts = {0, 1, 1, 5000, 65_536, whole.length};
        for (int i = 1; i < cuts.length; i++) {
            byte[] part = Arrays.copyOfRange(whole, cuts[i - 1], cuts[i]);
            parts.add(new Share(base64(hash(algorithm, part)), part.length));
        }

        assertThat(Composite.fullObject(algorithm, parts))
                .isEqualTo(base64(hash(algorithm, whole)));
    }

    @Test
    void aCompositeChecksumHashesThePartsChecksums() {
        byte[] first = hash(Algorithm.SHA256, "a".getBytes(StandardCharsets.US_ASCII));
        byte[] second = hash(Algorithm.SHA256, "b".getBytes(StandardCharsets.US_ASCII));
        byte[] both = new byte[64];
        System.arraycopy(first, 0, both, 0, 32);
        System.arraycopy(second, 0, both, 32, 32);

        List<Share> parts = List.of(new Share(base64(first), 1), new Share(base64(second), 1));
        assertThat(Composite.composite(Algorithm.SHA256, parts))
                .isEqualTo(base64(hash(Algorithm.SHA256, both)) + "-2");
    }

    @Test
    void theETagOfPartsIsTheMd5OfTheirMd5s() {
        String empty = "d41d8cd98f00b204e9800998ecf8427e";
        assertThat(Composite.eTag(List.of(empty))).isEqualTo("59adb24ef3cdbe0297f05b395827453f-1");
    }

    @Test
    void onlyAsManyBytesAsTheAlgorithmHasAreAChecksum() {
        assertThat(Algorithm.CRC32.spells("AAAAAA==")).isTrue();
        assertThat(Algorithm.CRC32.spells("AAAA")).isFalse();
        assertThat(Algorithm.CRC32.spells("!")).isFalse();
        assertThat(Algorithm.named("crc64nvme")).isEqualTo(Algorithm.CRC64NVME);
        assertThat(Algorithm.named("MD4")).isNull();
    }

    private static byte[] hash(Algorithm algorithm, byte[] bytes) {
        Hasher hasher = algorithm.hasher();
        hasher.update(bytes, 0, bytes.length);
        return hasher.value();
    }

    private static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
