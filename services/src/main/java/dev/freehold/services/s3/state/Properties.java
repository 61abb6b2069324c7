package dev.freehold.services.s3.state;

import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.util.Map;

/// What a writer says of an object, and a reader is told again.
///
/// @param headers by header name: `Content-Type`, `Cache-Control`, ...
/// @param metadata the user's own, by lower case name
/// @param storageClass `STANDARD`, ...
public record Properties(
        Map<String, String> headers, Map<String, String> metadata, String storageClass) {
    public static final String STANDARD = "STANDARD";

    public Properties {
        headers = Map.copyOf(headers);
        metadata = Map.copyOf(metadata);
    }

    public Properties withStorageClass(String next) {
        return new Properties(headers, metadata, next);
    }

    static void write(ValueWriter out, Properties properties) {
        out.strings(properties.headers)
                .strings(properties.metadata)
                .string(properties.storageClass);
    }

    static Properties read(ValueReader in) {
        return new Properties(in.strings(), in.strings(), in.string());
    }
}
