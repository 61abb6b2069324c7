package dev.freehold.server;

import java.security.SecureRandom;
import java.util.Random;
import java.util.UUID;

/// Random texts.
final class Ids {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final Random RANDOM = new SecureRandom();

    private Ids() {}

    /// A random UUID, of version 4.
    static String uuid() {
        long high = RANDOM.nextLong() & ~0xF000L | 0x4000L;
        long low = RANDOM.nextLong() & ~(3L << 62) | 1L << 63;
        return new UUID(high, low).toString();
    }

    /// A number from 0 to 1.
    static double chance() {
        return RANDOM.nextDouble();
    }

    /// Twenty random capital letters and digits: 100 bits.
    static String letters() {
        StringBuilder out = new StringBuilder(20);
        for (int i = 0; i < 20; i++) {
            out.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
        }
        return out.toString();
    }
}
