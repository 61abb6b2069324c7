package dev.freehold.protocol.validation;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Structure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Values as AWS shows them in its texts: as its own Java objects spell themselves.
final class ValueText {
    /// The most characters of a value that an answer repeats.
    private static final int MAX_LENGTH = 65_536;

    private ValueText() {}

    static String of(@Nullable Object value) {
        String text =
                switch (value) {
                    case null -> "null";
                    case Structure structure -> structure(structure);
                    case List<?> list -> list(list);
                    case Map<?, ?> map -> map(map);
                    case Blob blob ->
                            "java.nio.HeapByteBuffer[pos=0 lim=%d cap=%d]"
                                    .formatted(blob.length(), blob.length());
                    case ByteStream _ -> "stream";
                    default -> value.toString();
                };
        return text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "..." : text;
    }

    private static String structure(Structure structure) {
        StringJoiner members = new StringJoiner(", ", structure.schema().name() + "(", ")");
        for (Member member : structure.schema().members()) {
            String name =
                    Character.toLowerCase(member.name().charAt(0)) + member.name().substring(1);
            Object value = structure.member(member.index());
            boolean hidden = member.sensitive() && value != null;
            members.add(name + "=" + (hidden ? "***Sensitive Data Redacted***" : of(value)));
        }
        return members.toString();
    }

    private static String list(List<?> list) {
        List<String> elements = new ArrayList<>(list.size());
        list.forEach(element -> elements.add(of(element)));
        return "[" + String.join(", ", elements) + "]";
    }

    private static String map(Map<?, ?> map) {
        StringJoiner entries = new StringJoiner(", ", "{", "}");
        map.forEach((key, value) -> entries.add(key + "=" + of(value)));
        return entries.toString();
    }
}
