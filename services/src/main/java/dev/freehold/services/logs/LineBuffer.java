package dev.freehold.services.logs;

import dev.freehold.api.logs.InputLogEvent;
import dev.freehold.services.logs.LogsTables.StreamKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntBiFunction;

/// Lines that functions wrote and that are not yet in the store, which costs more than most
/// functions do. They are written together: several times a second, before somebody reads, and at
/// the end. A crash loses what waits, as it loses what a function had yet to write; what
/// PutLogEvents acknowledges never waits here.
final class LineBuffer {
    /// The most bytes of one stream, and of all, that wait. Who adds more writes them: a function
    /// that logs faster than the store writes waits for it.
    private static final int MAX_STREAM_BYTES = 1024 * 1024;

    private static final long MAX_BYTES = 32L * 1024 * 1024;

    /// What a line takes beside its text.
    private static final int LINE_BYTES = 64;

    /// The most bytes of messages in one transaction.
    private static final int MAX_TRANSACTION = 2 * 1024 * 1024;

    /// The longest line in characters: AWS has a longer one as several events.
    private static final int MAX_LINE = 200_000;

    private static final System.Logger LOG = System.getLogger(LineBuffer.class.getName());

    private final Events events;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();
    private Map<StreamKey, Lines> waiting = new LinkedHashMap<>();
    private long bytes;

    LineBuffer(Events events) {
        this.events = events;
    }

    private static final class Lines {
        private final List<InputLogEvent> lines = new ArrayList<>();
        private long bytes;
    }

    /// Takes text.
    ///
    /// @param time of its lines
    /// @param text one or more lines; each is an event
    void add(StreamKey stream, long time, String text) {
        add(stream, time, text, LineBuffer::lineEnd);
    }

    /// Takes a message, which is one event whatever it has.
    void addMessage(StreamKey stream, long time, String text) {
        add(stream, time, text, (all, _) -> all.length());
    }

    /// @param ends where the event that begins at a place ends
    private void add(
            StreamKey stream, long time, String text, ToIntBiFunction<String, Integer> ends) {
        boolean full;
        lock.lock();
        try {
            Lines lines = waiting.computeIfAbsent(stream, _ -> new Lines());
            long before = lines.bytes;
            for (int at = 0; at < text.length(); ) {
                int end = cut(text, at, ends.applyAsInt(text, at));
                String line = text.substring(at, end);
                lines.lines.add(InputLogEvent.builder().timestamp(time).message(line).build());
                lines.bytes += line.length() + LINE_BYTES;
                at = end;
            }
            bytes += lines.bytes - before;
            full = lines.bytes > MAX_STREAM_BYTES || bytes > MAX_BYTES;
        } finally {
            lock.unlock();
        }
        if (full) {
            flush();
        }
    }

    /// After the line feed, or at the end.
    private static int lineEnd(String text, int at) {
        int feed = text.indexOf('\n', at);
        return feed < 0 ? text.length() : feed + 1;
    }

    /// An earlier end for what is too long, between two characters.
    private static int cut(String text, int at, int end) {
        if (end - at <= MAX_LINE) {
            return end;
        }
        int cut = at + MAX_LINE;
        return Character.isHighSurrogate(text.charAt(cut - 1)) ? cut - 1 : cut;
    }

    /// Writes what was added before.
    void flush() {
        writing.lock();
        try {
            Pieces pieces = new Pieces();
            take().forEach((stream, lines) -> pieces.add(stream, lines.lines));
            pieces.end();
        } finally {
            writing.unlock();
        }
    }

    private Map<StreamKey, Lines> take() {
        lock.lock();
        try {
            Map<StreamKey, Lines> taken = waiting;
            if (!taken.isEmpty()) {
                waiting = new LinkedHashMap<>();
                bytes = 0;
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /// Lines of one stream that become one row.
    record Piece(StreamKey stream, List<InputLogEvent> lines, int bytes) {}

    /// Cuts lines into pieces, and writes some of these at a time.
    private final class Pieces {
        private List<Piece> pieces = new ArrayList<>();
        private int bytes;

        void add(StreamKey stream, List<InputLogEvent> lines) {
            int from = 0;
            int size = 0;
            for (int i = 0; i < lines.size(); i++) {
                InputLogEvent line = lines.get(i);
                int more = Limits.bytes(line.message());
                boolean fits =
                        size + more <= Chunk.MAX_BYTES
                                && i - from < Chunk.MAX_LINES
                                && Chunk.spans(lines.get(from).timestamp(), line.timestamp());
                if (i > from && !fits) {
                    add(new Piece(stream, lines.subList(from, i), size));
                    from = i;
                    size = 0;
                }
                size += more;
            }
            add(new Piece(stream, lines.subList(from, lines.size()), size));
        }

        private void add(Piece piece) {
            if (piece.lines.isEmpty()) {
                return;
            }
            if (bytes + piece.bytes > MAX_TRANSACTION) {
                end();
            }
            pieces.add(piece);
            bytes += piece.bytes;
        }

        /// Lines that can't be written are lost, and counted: to keep them would fill the memory.
        void end() {
            if (pieces.isEmpty()) {
                return;
            }
            List<Piece> written = pieces;
            pieces = new ArrayList<>();
            bytes = 0;
            try {
                events.append(written);
            } catch (RuntimeException e) {
                int lost = written.stream().mapToInt(piece -> piece.lines.size()).sum();
                LOG.log(System.Logger.Level.WARNING, "Lines of functions are lost: " + lost, e);
            }
        }
    }
}
