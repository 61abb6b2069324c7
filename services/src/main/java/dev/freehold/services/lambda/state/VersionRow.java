package dev.freehold.services.lambda.state;

import dev.freehold.api.lambda.FunctionConfiguration;
import dev.freehold.services.structures.StructureCodec;
import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A version of a function, `$LATEST` or a published one.
///
/// A change shows as `Pending` or `InProgress` for a moment, as on AWS, where deployment tools wait
/// for its end; then the version has another revision. Nothing needs to happen for that: it is a
/// matter of time, so a crash can't leave a version between.
///
/// @param configuration as it is answered once the change has settled
/// @param code the SHA-256 of its zip, in base 64: the key of its package
/// @param layers the same of its layers, in order; they stay when a layer's version is deleted
/// @param generation changes whenever environments may no longer be shared with what was before
/// @param draft of a published version: the description that `$LATEST` had; else null
/// @param change the last change, or null when there was none since it was made
public record VersionRow(
        FunctionConfiguration configuration,
        String code,
        List<String> layers,
        String generation,
        @Nullable String draft,
        @Nullable Change change) {
    private static final Codec<FunctionConfiguration> CONFIGURATION =
            StructureCodec.of(FunctionConfiguration.class, FunctionConfiguration.SCHEMA);

    /// A change that is under way until `until`.
    ///
    /// @param creation whether the version itself was new
    /// @param revision the revision id until then
    public record Change(boolean creation, Instant until, String revision) {}

    static final Codec<VersionRow> CODEC =
            Codecs.of(
                    (out, row) -> {
                        CONFIGURATION.write(row.configuration, out);
                        out.string(row.code).list(row.layers, (o, sha) -> o.string(sha));
                        out.string(row.generation).optionalString(row.draft);
                        out.optional(
                                row.change,
                                (o, c) -> o.bool(c.creation).instant(c.until).string(c.revision));
                    },
                    in ->
                            new VersionRow(
                                    CONFIGURATION.read(in),
                                    in.string(),
                                    in.list(i -> i.string()),
                                    in.string(),
                                    in.optionalString(),
                                    in.optional(
                                            i -> new Change(i.bool(), i.instant(), i.string()))));

    /// What is under way at `now`, or null.
    public @Nullable Change underWay(Instant now) {
        return change != null && now.isBefore(change.until) ? change : null;
    }

    /// The configuration with its states, as it is answered at `now`.
    public FunctionConfiguration view(Instant now) {
        FunctionConfiguration.Builder view = configuration.toBuilder();
        Change current = underWay(now);
        if (current == null) {
            return view.state("Active").lastUpdateStatus("Successful").build();
        }
        view.revisionId(current.revision);
        if (current.creation) {
            return view.state("Pending")
                    .stateReason("The function is being created.")
                    .stateReasonCode("Creating")
                    .build();
        }
        return view.state("Active")
                .lastUpdateStatus("InProgress")
                .lastUpdateStatusReason("The function is being created.")
                .lastUpdateStatusReasonCode("Creating")
                .build();
    }

    /// The revision id at `now`.
    public String revision(Instant now) {
        Change current = underWay(now);
        return current == null ? String.valueOf(configuration.revisionId()) : current.revision;
    }

    public VersionRow withGeneration(String other) {
        return new VersionRow(configuration, code, layers, other, draft, change);
    }

    public VersionRow with(FunctionConfiguration changed) {
        return new VersionRow(changed, code, layers, generation, draft, change);
    }
}
