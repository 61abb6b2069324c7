package dev.freehold.services.lambda.state;

import dev.freehold.api.lambda.FunctionConfiguration;
import dev.freehold.services.structures.StructureCodec;
import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A version of a function, `$LATEST` or a published one.
///
/// A change shows as `Pending` or `InProgress` until what it needs is there: its unpacked code, its
/// layers, its environment when it has SnapStart. Then the version has another revision. What a
/// crash leaves between is in [LambdaTables#UNPREPARED], and is done again.
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

    /// A change.
    ///
    /// @param creation whether the version itself was new
    /// @param until it shows at least until then: on AWS it takes seconds, and tools look for it
    /// @param revision the revision id while it is under way
    /// @param prepared whether all that it needs is there
    /// @param failure why that can't be had, or null
    /// @param before what runs until then, and from then on when it failed; null when that is the
    ///   version itself
    public record Change(
            boolean creation,
            Instant until,
            String revision,
            boolean prepared,
            @Nullable Failure failure,
            @Nullable Before before) {
        /// One that begins.
        public Change(boolean creation, Instant until, String revision) {
            this(creation, until, revision, false, null, null);
        }
    }

    /// What a version was before its image was changed. It keeps that image until the new one is
    /// there.
    public record Before(FunctionConfiguration configuration, String code, String generation) {}

    /// Why a version can't run.
    ///
    /// @param code one of AWS's reason codes
    /// @param reason a sentence
    public record Failure(String code, String reason) {}

    static final Codec<VersionRow> CODEC =
            Codecs.of(
                    (out, row) -> {
                        CONFIGURATION.write(row.configuration, out);
                        out.string(row.code).list(row.layers, (o, sha) -> o.string(sha));
                        out.string(row.generation).optionalString(row.draft);
                        out.optional(row.change, (o, c) -> write(c, o));
                    },
                    in ->
                            new VersionRow(
                                    CONFIGURATION.read(in),
                                    in.string(),
                                    in.list(i -> i.string()),
                                    in.string(),
                                    in.optionalString(),
                                    in.optional(VersionRow::readChange)));

    private static void write(Change change, ValueWriter out) {
        out.bool(change.creation).instant(change.until).string(change.revision);
        out.bool(change.prepared);
        out.optional(change.failure, (o, f) -> o.string(f.code).string(f.reason));
        out.optional(
                change.before,
                (o, before) -> {
                    CONFIGURATION.write(before.configuration, o);
                    o.string(before.code).string(before.generation);
                });
    }

    private static Change readChange(ValueReader in) {
        return new Change(
                in.bool(),
                in.instant(),
                in.string(),
                in.bool(),
                in.optional(i -> new Failure(i.string(), i.string())),
                in.optional(i -> new Before(CONFIGURATION.read(i), i.string(), i.string())));
    }

    /// What is under way at `now`, or null.
    public @Nullable Change underWay(Instant now) {
        if (change == null || change.failure != null) {
            return null;
        }
        return !change.prepared || now.isBefore(change.until) ? change : null;
    }

    /// Why it can't run, or null when it can.
    public @Nullable Failure failure() {
        return change == null ? null : change.failure;
    }

    /// The version with another image than it had: it runs that until this one is prepared.
    public VersionRow replacing(VersionRow old) {
        if (change == null) {
            return this;
        }
        Before before = new Before(old.configuration, old.code, old.generation);
        return with(
                new Change(
                        change.creation,
                        change.until,
                        change.revision,
                        change.prepared,
                        change.failure,
                        before));
    }

    /// What runs now.
    public VersionRow running() {
        Before before = change == null ? null : change.before;
        return before == null
                ? this
                : new VersionRow(
                        before.configuration,
                        before.code,
                        layers,
                        before.generation,
                        draft,
                        change);
    }

    /// The packages that it has, without its layers.
    public List<String> packages() {
        VersionRow running = running();
        return running == this ? List.of(code) : List.of(code, running.code);
    }

    private VersionRow with(@Nullable Change other) {
        return new VersionRow(configuration, code, layers, generation, draft, other);
    }

    /// The version when the preparation of its change has ended. When that failed it is what it
    /// was.
    ///
    /// @param failure why it failed, or null
    public VersionRow prepared(@Nullable Failure failure) {
        if (change == null) {
            return this;
        }
        Change ended =
                new Change(change.creation, change.until, change.revision, true, failure, null);
        VersionRow running = failure == null ? this : running();
        FunctionConfiguration modified =
                running.configuration.toBuilder()
                        .lastModified(configuration.lastModified())
                        .revisionId(configuration.revisionId())
                        .build();
        return running.with(modified).with(ended);
    }

    /// The configuration with its states, as it is answered at `now`.
    public FunctionConfiguration view(Instant now) {
        FunctionConfiguration.Builder view = configuration.toBuilder();
        Change current = underWay(now);
        Failure failure = failure();
        if (current == null && failure == null) {
            return view.state("Active").lastUpdateStatus("Successful").build();
        }
        if (current == null || failure != null) {
            return failed(view, Objects.requireNonNull(failure));
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

    private FunctionConfiguration failed(FunctionConfiguration.Builder view, Failure failure) {
        if (change != null && change.creation) {
            return view.state("Failed")
                    .stateReason(failure.reason)
                    .stateReasonCode(failure.code)
                    .build();
        }
        return view.state("Active")
                .lastUpdateStatus("Failed")
                .lastUpdateStatusReason(failure.reason)
                .lastUpdateStatusReasonCode(failure.code)
                .build();
    }

    /// The revision id at `now`.
    public String revision(Instant now) {
        Change current = underWay(now);
        return current == null ? String.valueOf(configuration.revisionId()) : current.revision;
    }

    public VersionRow withGeneration(String other) {
        VersionRow changed = new VersionRow(configuration, code, layers, other, draft, change);
        VersionRow running = running();
        return running == this
                ? changed
                : changed.replacing(
                        new VersionRow(
                                running.configuration,
                                running.code,
                                layers,
                                other + "-before",
                                draft,
                                null));
    }

    public VersionRow with(FunctionConfiguration changed) {
        return new VersionRow(changed, code, layers, generation, draft, change);
    }
}
