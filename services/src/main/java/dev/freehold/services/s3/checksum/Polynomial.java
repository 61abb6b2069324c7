package dev.freehold.services.s3.checksum;

/// Arithmetic with the remainders of a reflected CRC, whose bits stand for polynomials over GF(2),
/// the highest bit for `x^0`.
///
/// @param width how many bits the CRC has, 32 or 64
/// @param reflected the generator polynomial without its highest term, reflected
record Polynomial(int width, long reflected) {
    static final Polynomial CRC32 = new Polynomial(32, 0xEDB88320L);
    static final Polynomial CRC32C = new Polynomial(32, 0x82F63B78L);
    static final Polynomial CRC64NVME = new Polynomial(64, 0x9A6C9329AC4BC9B5L);

    /// The CRC of two runs of bytes, one after the other.
    ///
    /// @param first the CRC of the first run
    /// @param second the CRC of the second run
    /// @param secondLength how many bytes the second run has
    long combine(long first, long second, long secondLength) {
        return multiply(powerOfX(Math.multiplyExact(secondLength, 8L)), first) ^ second;
    }

    /// `x^exponent` modulo the generator.
    private long powerOfX(long exponent) {
        long power = one();
        long square = one() >>> 1;
        for (long rest = exponent; rest != 0; rest >>>= 1) {
            if ((rest & 1) != 0) {
                power = multiply(square, power);
            }
            square = multiply(square, square);
        }
        return power;
    }

    private long multiply(long left, long right) {
        long product = 0;
        long shifted = right;
        for (long bit = one(); bit != 0; bit >>>= 1) {
            if ((left & bit) != 0) {
                product ^= shifted;
            }
            shifted = (shifted & 1) == 0 ? shifted >>> 1 : (shifted >>> 1) ^ reflected;
        }
        return product;
    }

    private long one() {
        return 1L << (width - 1);
    }
}
