package dev.freehold.services.s3.state;

import dev.freehold.services.s3.checksum.Algorithm;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;

/// A checksum that is kept of an object.
///
/// @param value base64; of a composite one with the number of parts
/// @param composite whether it is that of the parts' checksums
public record Checksum(Algorithm algorithm, String value, boolean composite) {
    static final String COMPOSITE = "COMPOSITE";
    static final String FULL_OBJECT = "FULL_OBJECT";

    /// How the API names its type.
    public String type() {
        return composite ? COMPOSITE : FULL_OBJECT;
    }

    /// Without the number of parts, as GetObjectAttributes tells it.
    public Checksum bare() {
        int dash = value.indexOf('-');
        return dash < 0 ? this : new Checksum(algorithm, value.substring(0, dash), composite);
    }

    static void write(ValueWriter out, Checksum checksum) {
        out.uint8(checksum.algorithm.ordinal()).string(checksum.value).bool(checksum.composite);
    }

    static Checksum read(ValueReader in) {
        return new Checksum(Algorithm.values()[in.uint8()], in.string(), in.bool());
    }
}
