package dev.freehold.services.lambda.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.api.lambda.FunctionConfiguration;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VersionRowTest {
    private static final Instant NOW = Instant.parse("2026-11-24T00:00:00Z");

    private static VersionRow row(boolean creation) {
        return row(new VersionRow.Change(creation, NOW.plusMillis(400), "before"));
    }

    private static VersionRow row(VersionRow.Change change) {
        FunctionConfiguration configuration =
                FunctionConfiguration.builder().functionName("hello").revisionId("after").build();
        return new VersionRow(configuration, "sha", List.of("layer"), "1", null, change);
    }

    @Test
    void aNewVersionIsPendingAndThenActive() {
        FunctionConfiguration first = row(true).view(NOW);
        assertThat(first.state()).isEqualTo("Pending");
        assertThat(first.stateReasonCode()).isEqualTo("Creating");
        assertThat(first.lastUpdateStatus()).isNull();
        assertThat(first.revisionId()).isEqualTo("before");
        FunctionConfiguration then = row(true).prepared(null).view(NOW.plusMillis(400));
        assertThat(then.state()).isEqualTo("Active");
        assertThat(then.stateReason()).isNull();
        assertThat(then.lastUpdateStatus()).isEqualTo("Successful");
        assertThat(then.revisionId()).isEqualTo("after");
    }

    @Test
    void aChangedVersionIsActiveAllTheWhile() {
        FunctionConfiguration first = row(false).view(NOW);
        assertThat(first.state()).isEqualTo("Active");
        assertThat(first.lastUpdateStatus()).isEqualTo("InProgress");
        assertThat(row(false).prepared(null).view(NOW.plusSeconds(1)).lastUpdateStatus())
                .isEqualTo("Successful");
    }

    @Test
    void aVersionIsPendingUntilItIsPreparedHoweverLongThatTakes() {
        Instant later = NOW.plusSeconds(60);
        assertThat(row(true).view(later).state()).isEqualTo("Pending");
        assertThat(row(true).prepared(null).view(NOW).state()).isEqualTo("Pending");
        assertThat(row(true).prepared(null).view(later).state()).isEqualTo("Active");
    }

    @Test
    void anotherImageRunsOnceItIsPrepared() {
        VersionRow old =
                new VersionRow(row(false).configuration(), "old", List.of(), "0", null, null);
        VersionRow changing = row(false).replacing(old);
        ValueWriter out = new ValueWriter();
        VersionRow.CODEC.write(changing, out);
        assertThat(VersionRow.CODEC.read(new ValueReader(out.toBytes()))).isEqualTo(changing);
        assertThat(changing.running().code()).isEqualTo("old");
        assertThat(changing.running().generation()).isEqualTo("0");
        assertThat(changing.packages()).containsExactly("sha", "old");
        assertThat(changing.withGeneration("2").running().generation()).isEqualTo("2-before");

        VersionRow there = changing.prepared(null);
        assertThat(there.running()).isSameAs(there);
        assertThat(there.code()).isEqualTo("sha");
        assertThat(there.packages()).containsExactly("sha");

        VersionRow failed =
                changing.prepared(new VersionRow.Failure("InvalidImage", "It is none."));
        assertThat(failed.code()).isEqualTo("old");
        assertThat(failed.generation()).isEqualTo("0");
        assertThat(failed.packages()).containsExactly("old");
        assertThat(failed.view(NOW).lastUpdateStatus()).isEqualTo("Failed");
        assertThat(failed.revision(NOW)).isEqualTo("after");
    }

    @Test
    void aFailedPreparationSaysWhy() {
        VersionRow.Failure failure = new VersionRow.Failure("FunctionError", "It broke.");
        FunctionConfiguration created = row(true).prepared(failure).view(NOW);
        assertThat(created.state()).isEqualTo("Failed");
        assertThat(created.stateReasonCode()).isEqualTo("FunctionError");
        assertThat(created.stateReason()).isEqualTo("It broke.");
        FunctionConfiguration updated = row(false).prepared(failure).view(NOW);
        assertThat(updated.state()).isEqualTo("Active");
        assertThat(updated.lastUpdateStatus()).isEqualTo("Failed");
        assertThat(updated.lastUpdateStatusReasonCode()).isEqualTo("FunctionError");
    }

    @Test
    void aRowIsReadAsItWasWritten() {
        VersionRow failed = row(true).prepared(new VersionRow.Failure("InternalError", "disk"));
        for (VersionRow row : List.of(row(true), row(true).prepared(null), failed)) {
            ValueWriter out = new ValueWriter();
            VersionRow.CODEC.write(row, out);
            assertThat(VersionRow.CODEC.read(new ValueReader(out.toBytes()))).isEqualTo(row);
        }
    }
}
