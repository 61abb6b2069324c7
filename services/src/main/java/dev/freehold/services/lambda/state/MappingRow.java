package dev.freehold.services.lambda.state;

import dev.freehold.api.lambda.EventSourceMappingConfiguration;
import dev.freehold.services.structures.StructureCodec;
import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import java.time.Instant;
import java.util.Map;

/// An event source mapping.
///
/// @param configuration as it is answered; its state is the one that it comes to
/// @param shown the state that is answered until `until`: `Creating`, `Updating`, ...
/// @param tags by key
public record MappingRow(
        EventSourceMappingConfiguration configuration,
        String shown,
        Instant until,
        Map<String, String> tags) {
    private static final Codec<EventSourceMappingConfiguration> CONFIGURATION =
            StructureCodec.of(
                    EventSourceMappingConfiguration.class, EventSourceMappingConfiguration.SCHEMA);

    static final Codec<MappingRow> CODEC =
            Codecs.of(
                    (out, row) -> {
                        CONFIGURATION.write(row.configuration, out);
                        out.string(row.shown).instant(row.until).strings(row.tags);
                    },
                    in ->
                            new MappingRow(
                                    CONFIGURATION.read(in),
                                    in.string(),
                                    in.instant(),
                                    in.strings()));

    public EventSourceMappingConfiguration view(Instant now) {
        return now.isBefore(until) ? configuration.toBuilder().state(shown).build() : configuration;
    }

    public boolean enabled() {
        return "Enabled".equals(configuration.state());
    }

    public MappingRow withTags(Map<String, String> changed) {
        return new MappingRow(configuration, shown, until, changed);
    }
}
