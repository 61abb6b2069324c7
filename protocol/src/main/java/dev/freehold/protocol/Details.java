package dev.freehold.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What an error of the edge says beside its message: texts by name, which no model declares.
public final class Details implements Structure {
    private final List<String> values;
    private final Schema schema;

    /// @param texts by name, in the order in which they are sent
    public Details(Map<String, String> texts) {
        List<Member> members = new ArrayList<>();
        texts.keySet().forEach(name -> members.add(Member.of(members.size(), name, Schema.STRING)));
        this.values = List.copyOf(texts.values());
        this.schema =
                Schema.structure(
                        "Error",
                        Schema.Type.STRUCTURE,
                        members,
                        () -> {
                            throw new UnsupportedOperationException("errors are not read");
                        });
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public String member(int index) {
        return values.get(index);
    }
}
