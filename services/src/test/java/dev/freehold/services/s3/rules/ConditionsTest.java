package dev.freehold.services.s3.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.freehold.services.s3.error.S3Error;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ConditionsTest {
    private static final Instant MODIFIED = Instant.parse("2026-11-01T10:00:00.500Z");
    private static final Instant BEFORE = Instant.parse("2026-11-01T09:00:00Z");
    private static final Instant AFTER = Instant.parse("2026-11-01T11:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-24T00:00:00Z");

    @Test
    void anETagThatIsNotTheObjectsFailsTheRead() {
        assertThat(status("\"other\"", null, null, null)).isEqualTo(412);
        assertThat(status("\"tag\"", null, null, null)).isZero();
        assertThat(status("\"other\", \"tag\"", null, null, null)).isZero();
        assertThat(status("*", null, null, null)).isZero();
    }

    @Test
    void whatTheReaderHasIsNotSentAgain() {
        assertThat(status(null, "tag", null, null)).isEqualTo(304);
        assertThat(status(null, "other", null, null)).isZero();
        assertThat(status(null, null, AFTER, null)).isEqualTo(304);
        assertThat(status(null, null, BEFORE, null)).isZero();
    }

    @Test
    void timesAreComparedBySeconds() {
        assertThat(status(null, null, Instant.parse("2026-11-01T10:00:00Z"), null)).isEqualTo(304);
        assertThat(status(null, null, null, Instant.parse("2026-11-01T10:00:00Z"))).isZero();
    }

    @Test
    void anETagOutweighsATime() {
        assertThat(status("tag", null, null, BEFORE)).isZero();
        assertThat(status(null, "other", AFTER, null)).isZero();
        assertThat(status(null, null, null, BEFORE)).isEqualTo(412);
    }

    @Test
    void aTimeInTheFutureIsNoCondition() {
        assertThat(status(null, null, NOW.plusSeconds(9), null)).isZero();
    }

    @Test
    void aWriteMayDemandThatThereIsNothingOrWhatItKnows() {
        WriteCondition absent = WriteCondition.of(null, "*");
        WriteCondition known = WriteCondition.of("\"tag\"", null);
        assertThatCode(() -> absent.check(null, "k")).doesNotThrowAnyException();
        assertThat(error(() -> absent.check("tag", "k")).shape().status()).isEqualTo(412);
        assertThatCode(() -> known.check("tag", "k")).doesNotThrowAnyException();
        assertThat(error(() -> known.check("other", "k")).shape().status()).isEqualTo(412);
        assertThat(error(() -> known.check(null, "k")).shape().code()).isEqualTo("NoSuchKey");
        assertThat(error(() -> WriteCondition.of(null, "tag")).shape().status()).isEqualTo(501);
        assertThat(error(() -> WriteCondition.of("a", "*")).shape().status()).isEqualTo(501);
    }

    private static int status(
            @Nullable String match,
            @Nullable String noneMatch,
            @Nullable Instant since,
            @Nullable Instant until) {
        Conditions conditions = new Conditions(match, noneMatch, since, until);
        try {
            conditions.checkRead("tag", MODIFIED, NOW);
            return 0;
        } catch (S3Error e) {
            return e.shape().status();
        }
    }

    private static S3Error error(Runnable action) {
        return catchThrowableOfType(S3Error.class, action::run);
    }
}
