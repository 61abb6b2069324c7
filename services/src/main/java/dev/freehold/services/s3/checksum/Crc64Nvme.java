package dev.freehold.services.s3.checksum;

import java.util.zip.Checksum;

/// CRC-64/NVME: reflected, all ones in and out. The JDK has none; eight bytes a step by tables.
final class Crc64Nvme implements Checksum {
    private static final int SLICES = 8;
    private static final long[][] TABLES = tables();

    private long state = -1L;

    @Override
    public void update(int b) {
        state = TABLES[0][(int) (state ^ b) & 0xFF] ^ (state >>> 8);
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        int at = offset;
        int end = offset + length;
        for (; end - at >= SLICES; at += SLICES) {
            long mixed = state;
            for (int i = 0; i < SLICES; i++) {
                mixed ^= (bytes[at + i] & 0xFFL) << (8 * i);
            }
            long next = 0;
            for (int i = 0; i < SLICES; i++) {
                next ^= TABLES[SLICES - 1 - i][(int) (mixed >>> (8 * i)) & 0xFF];
            }
            state = next;
        }
        for (; at < end; at++) {
            update(bytes[at]);
        }
    }

    @Override
    public long getValue() {
        return ~state;
    }

    @Override
    public void reset() {
        state = -1L;
    }

    private static long[][] tables() {
        long[][] tables = new long[SLICES][256];
        for (int b = 0; b < 256; b++) {
            long remainder = b;
            for (int bit = 0; bit < 8; bit++) {
                long shifted = remainder >>> 1;
                remainder =
                        (remainder & 1) == 0 ? shifted : shifted ^ Polynomial.CRC64NVME.reflected();
            }
            tables[0][b] = remainder;
        }
        for (int slice = 1; slice < SLICES; slice++) {
            for (int b = 0; b < 256; b++) {
                long before = tables[slice - 1][b];
                tables[slice][b] = tables[0][(int) before & 0xFF] ^ (before >>> 8);
            }
        }
        return tables;
    }
}
