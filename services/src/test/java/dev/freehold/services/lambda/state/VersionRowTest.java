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
        FunctionConfiguration configuration =
                FunctionConfiguration.builder().functionName("hello").revisionId("after").build();
        VersionRow.Change change = new VersionRow.Change(creation, NOW.plusMillis(400), "before");
        return new VersionRow(configuration, "sha", List.of("layer"), "1", null, change);
    }

    @Test
    void aNewVersionIsPendingAndThenActive() {
        FunctionConfiguration first = row(true).view(NOW);
        assertThat(first.state()).isEqualTo("Pending");
        assertThat(first.stateReasonCode()).isEqualTo("Creating");
        assertThat(first.lastUpdateStatus()).isNull();
        assertThat(first.revisionId()).isEqualTo("before");
        FunctionConfiguration then = row(true).view(NOW.plusMillis(400));
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
        assertThat(row(false).view(NOW.plusSeconds(1)).lastUpdateStatus()).isEqualTo("Successful");
    }

    @Test
    void aRowIsReadAsItWasWritten() {
        ValueWriter out = new ValueWriter();
        VersionRow.CODEC.write(row(true), out);
        assertThat(VersionRow.CODEC.read(new ValueReader(out.toBytes()))).isEqualTo(row(true));
    }
}
