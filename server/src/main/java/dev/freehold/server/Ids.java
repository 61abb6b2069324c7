package dev.freehold.server;

import java.security.SecureRandom;
import java.util.Random;
import java.util.UUID;

/// Random texts.
final class Ids {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final Random RANDOM = new SecureRandom();

    private Ids() {}

    /// A UUID.
    static String uuid() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return UUID.nameUUIDFromBytes(bytes).toString();
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
