package dev.freehold.sandbox;

import java.nio.charset.StandardCharsets;

/// Hands lines on, and keeps the last of them for callers that ask for the log's tail.
final class Tail implements LogSink {
    private static final int MAX = 4096;

    private final LogSink sink;
    private final StringBuilder last = new StringBuilder();
    private boolean used;

    Tail(LogSink sink) {
        this.sink = sink;
    }

    /// An invocation begins. What the first one's initialisation said is before it.
    synchronized void begin() {
        if (used) {
            last.setLength(0);
        }
        used = true;
    }

    /// The log's last 4 KB.
    synchronized String last() {
        if (last.length() <= MAX / 3) {
            return last.toString(); // no character has more than three bytes
        }
        byte[] bytes = last.toString().getBytes(StandardCharsets.UTF_8);
        int from = Math.max(0, bytes.length - MAX);
        return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void write(String text) {
        sink.write(text);
        keep(text);
    }

    @Override
    public synchronized void message(String text) {
        sink.message(text);
        keep(text.endsWith("\n") ? text : text + "\n");
    }

    private void keep(String text) {
        last.append(text);
        if (last.length() > 2 * MAX) {
            last.delete(0, last.length() - MAX);
        }
    }
}
