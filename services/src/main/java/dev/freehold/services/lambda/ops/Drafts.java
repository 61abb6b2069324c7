package dev.freehold.services.lambda.ops;

import dev.freehold.api.lambda.FunctionConfiguration;
import dev.freehold.api.lambda.SnapStartResponse;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.FunctionRow;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.VersionKey;
import dev.freehold.services.lambda.state.VersionRow;
import dev.freehold.services.lambda.state.VersionRow.Change;
import dev.freehold.services.structures.Copies;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Changes `$LATEST`, and makes versions of it.
final class Drafts {
    private final Context context;

    Drafts(Context context) {
        this.context = context;
    }

    /// What a change needs that a transaction, which may run again, must not make itself.
    ///
    /// @param revision the revision id once it has settled
    /// @param moving the revision id until then
    /// @param generation of its environments
    record Stamp(Instant now, String revision, String moving, String generation) {
        VersionRow row(
                FunctionConfiguration.Builder configuration,
                String code,
                List<String> layers,
                boolean creation) {
            FunctionConfiguration stamped =
                    configuration.lastModified(Context.text(now)).revisionId(revision).build();
            Change change = new Change(creation, now.plus(Context.SETTLING), moving);
            return new VersionRow(stamped, code, layers, generation, null, change);
        }
    }

    Stamp stamp() {
        return new Stamp(
                context.clock().instant(),
                context.ids().get(),
                context.ids().get(),
                context.ids().get());
    }

    /// `$LATEST`, which must not be under change.
    ///
    /// @param revision what the caller takes it to be, or null
    Lookup.Found stable(Transaction tx, FunctionName name, @Nullable String revision, Instant now) {
        Lookup.Found found = Lookup.find(tx, new FunctionName(name.id(), null));
        Change change = found.version().underWay(now);
        if (change != null) {
            String start = "The operation cannot be performed at this time. ";
            throw Errors.conflict(
                    change.creation()
                            ? start + "The function is currently in the following state: Pending"
                            : start + "An update is in progress for resource: " + name.id().arn());
        }
        if (revision != null && !revision.equals(found.version().revision(now))) {
            throw Errors.revision("GetFunction/GetAlias");
        }
        return found;
    }

    /// Writes a version, and what is to be done for it.
    static void put(Transaction tx, VersionKey key, VersionRow row) {
        tx.put(LambdaTables.VERSIONS, key, row);
        if (row.change() != null) {
            tx.put(LambdaTables.UNPREPARED, key, row.generation());
        }
    }

    /// Makes a version of `$LATEST`, unless the last one is the same.
    ///
    /// @param description the version's own, or null
    /// @param moving whether it shows as pending for a moment
    VersionRow publish(
            Transaction tx,
            FunctionId id,
            @Nullable String description,
            Stamp stamp,
            boolean moving) {
        FunctionRow function = Objects.requireNonNull(tx.get(LambdaTables.FUNCTIONS, id));
        VersionRow latest =
                Objects.requireNonNull(tx.get(LambdaTables.VERSIONS, VersionKey.latest(id)));
        VersionKey last = new VersionKey(id, function.lastVersion());
        VersionRow previous = last.number() == 0 ? null : tx.get(LambdaTables.VERSIONS, last);
        if (previous != null && same(previous, latest)) {
            return previous;
        }
        VersionKey next = new VersionKey(id, function.lastVersion() + 1);
        FunctionConfiguration.Builder configuration =
                latest.configuration().toBuilder()
                        .version(next.version())
                        .functionArn(id.arn(next.version()));
        if (description != null) {
            configuration.description(description);
        }
        SnapStartResponse snap = latest.configuration().snapStart();
        boolean snapped = snap != null && "PublishedVersions".equals(snap.applyOn());
        if (snap != null && snapped) {
            configuration.snapStart(snap.toBuilder().optimizationStatus("On").build());
        }
        VersionRow started = stamp.row(configuration, latest.code(), latest.layers(), true);
        VersionRow row =
                new VersionRow(
                        started.configuration(),
                        started.code(),
                        started.layers(),
                        started.generation(),
                        description(latest),
                        moving || snapped ? started.change() : null);
        put(tx, next, row);
        tx.put(LambdaTables.FUNCTIONS, id, function.withLastVersion(next.number()));
        context.packages().reference(tx, row.code());
        row.layers().forEach(sha -> context.packages().reference(tx, sha));
        return row;
    }

    private static boolean same(VersionRow version, VersionRow latest) {
        return version.code().equals(latest.code())
                && description(latest).equals(version.draft())
                && neutral(version.configuration()).equals(neutral(latest.configuration()));
    }

    private static String description(VersionRow row) {
        String description = row.configuration().description();
        return description == null ? "" : description;
    }

    /// What a version has of its own is left out.
    private static FunctionConfiguration neutral(FunctionConfiguration configuration) {
        FunctionConfiguration.Builder copy =
                Copies.of(configuration, FunctionConfiguration.builder());
        SnapStartResponse snap = configuration.snapStart();
        return copy.version(null)
                .functionArn(null)
                .description(null)
                .revisionId(null)
                .lastModified(null)
                .snapStart(snap == null ? null : snap.toBuilder().optimizationStatus(null).build())
                .build();
    }
}
