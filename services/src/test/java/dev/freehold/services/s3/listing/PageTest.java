package dev.freehold.services.s3.listing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.protocol.Blob;
import dev.freehold.services.s3.listing.Page.Query;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PageTest {
    private final TreeSet<String> keys = new TreeSet<>(Comparator.comparing(Blob::ofUtf8));
    private final List<String> hidden = new ArrayList<>();
    private int steps;

    @Test
    void keysComeInTheOrderOfTheirUtf8Bytes() {
        // As UTF-16 the surrogates of the last one would come before the private use character.
        keys.addAll(List.of("\uD83D\uDE00", "\uE000", "a", "B"));

        assertThat(list("", null, 10).entries())
                .containsExactly("B", "a", "\uE000", "\uD83D\uDE00");
    }

    @Test
    void keysRollUpAtTheDelimiterAfterThePrefix() {
        keys.addAll(List.of("photos/2025/a", "photos/2025/b", "photos/2026/a", "photos/x", "z"));

        Page<String> page = list("photos/", "/", 10);

        assertThat(page.prefixes()).containsExactly("photos/2025/", "photos/2026/");
        assertThat(page.entries()).containsExactly("photos/x");
        assertThat(page.truncated()).isFalse();
    }

    @Test
    void aPrefixOfManyKeysCostsOneStep() {
        for (int i = 0; i < 5000; i++) {
            keys.add("many/" + i);
        }
        keys.add("next");

        Page<String> page = list("", "/", 10);

        assertThat(page.prefixes()).containsExactly("many/");
        assertThat(page.entries()).containsExactly("next");
        assertThat(steps).isLessThan(5);
    }

    @Test
    void pagesTogetherAreTheWholeListing() {
        for (int i = 0; i < 50; i++) {
            keys.add(String.valueOf((char) ('a' + i % 7)) + (i % 3 == 0 ? "/" : "-") + i);
        }
        Page<String> whole = list("", "/", 1000);
        for (int size = 1; size < 9; size++) {
            List<String> entries = new ArrayList<>();
            List<String> prefixes = new ArrayList<>();
            @Nullable Position at = new Position.Beginning();
            while (at != null) {
                Page<String> page = Page.of(source(""), new Query("", "/", size), at);
                assertThat(page.entries().size() + page.prefixes().size())
                        .isLessThanOrEqualTo(size);
                entries.addAll(page.entries());
                prefixes.addAll(page.prefixes());
                at = page.next() == null ? null : reread(page.next());
            }
            assertThat(entries).as("page size %d", size).isEqualTo(whole.entries());
            assertThat(prefixes).as("page size %d", size).isEqualTo(whole.prefixes());
        }
    }

    @Test
    void whatIsHiddenMakesNoPageTruncated() {
        keys.addAll(List.of("a", "b", "c"));
        hidden.addAll(List.of("b", "c"));

        Page<String> page = list("", null, 1);

        assertThat(page.entries()).containsExactly("a");
        assertThat(page.truncated()).isFalse();
    }

    @Test
    void aPageOverTooManyHiddenEntriesEndsEarlyAndGoesOn() {
        for (int i = 0; i < Page.MOST_STEPS + 10; i++) {
            keys.add(String.format(java.util.Locale.ROOT, "%06d", i));
        }
        hidden.addAll(keys);
        keys.add("z");

        Page<String> first = list("", null, 10);

        assertThat(first.entries()).isEmpty();
        assertThat(first.next()).isNotNull();
        Page<String> second =
                Page.of(
                        source(""),
                        new Query("", null, 10),
                        java.util.Objects.requireNonNull(first.next()));
        assertThat(second.entries()).containsExactly("z");
    }

    @Test
    void aPageOfNothingIsNotTruncated() {
        keys.add("a");

        assertThat(list("", null, 0).truncated()).isFalse();
    }

    @Test
    void aMarkerWithinACommonPrefixStandsForTheWholeOfIt() {
        assertThat(Position.ofMarker("a/b", "", "/")).isEqualTo(new Position.AfterPrefix("a/"));
        assertThat(Position.ofMarker("a/b", "a/", "/")).isEqualTo(new Position.AfterKey("a/b"));
        assertThat(Position.ofMarker("a/b", "", null)).isEqualTo(new Position.AfterKey("a/b"));
        assertThat(Position.ofMarker("", "", "/")).isEqualTo(new Position.Beginning());
    }

    @Test
    void aForeignTokenIsNoPosition() {
        assertThat(ContinuationToken.parse("!")).isNull();
        assertThat(ContinuationToken.parse("eA==")).isNull();
    }

    private static @Nullable Position reread(Position position) {
        return ContinuationToken.parse(ContinuationToken.of(position));
    }

    private Page<String> list(String prefix, @Nullable String delimiter, int max) {
        return Page.of(source(prefix), new Query(prefix, delimiter, max), new Position.Beginning());
    }

    private Entries<String> source(String prefix) {
        return position -> {
            List<String> rest =
                    keys.stream()
                            .filter(key -> key.startsWith(prefix) && isAfter(key, position))
                            .toList();
            return new ListWalk(rest.iterator());
        };
    }

    private static boolean isAfter(String key, Position position) {
        return switch (position) {
            case Position.Beginning() -> true;
            case Position.AfterKey(String last, _) ->
                    Blob.ofUtf8(key).compareTo(Blob.ofUtf8(last)) > 0;
            case Position.AfterPrefix(String last) ->
                    Blob.ofUtf8(key).compareTo(Blob.ofUtf8(last)) > 0 && !key.startsWith(last);
        };
    }

    private final class ListWalk implements Entries.Walk<String> {
        private final Iterator<String> rest;
        private String key = "";

        ListWalk(Iterator<String> rest) {
            this.rest = rest;
        }

        @Override
        public boolean next() {
            steps++;
            boolean there = rest.hasNext();
            key = there ? rest.next() : "";
            return there;
        }

        @Override
        public String key() {
            return key;
        }

        @Override
        public @Nullable String value() {
            return hidden.contains(key) ? null : key;
        }

        @Override
        public void close() {}
    }
}
