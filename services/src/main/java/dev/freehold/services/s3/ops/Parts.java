package dev.freehold.services.s3.ops;

import dev.freehold.services.s3.content.ObjectBytes;
import dev.freehold.services.s3.state.Part;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.services.s3.state.S3Tables.PartKey;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Transaction;
import java.util.ArrayList;
import java.util.List;

/// The parts that are stored under an upload's id.
final class Parts {
    private Parts() {}

    /// All of them, in order: at most 10,000.
    static List<Part> all(Transaction tx, String content) {
        return after(tx, content, 0, ObjectBytes.MOST_PARTS);
    }

    /// At most `limit` with a number greater than `marker`, in order.
    static List<Part> after(Transaction tx, String content, int marker, int limit) {
        KeyRange range =
                S3Tables.ofParts(content).startingAfter(out -> out.string(content).int32(marker));
        List<Part> parts = new ArrayList<>();
        try (Cursor<PartKey, Part> rows = tx.scan(S3Tables.PARTS, range, limit)) {
            while (rows.next()) {
                parts.add(rows.value());
            }
        }
        return parts;
    }
}
