package dev.freehold.services.lambda.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.api.lambda.Filter;
import dev.freehold.api.lambda.FilterCriteria;
import dev.freehold.api.lambda.InvalidParameterValueException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class FiltersTest {
    private static Filters of(String... patterns) {
        List<Filter> filters =
                Stream.of(patterns).map(p -> Filter.builder().pattern(p).build()).toList();
        return Filters.of(FilterCriteria.builder().filters(filters).build());
    }

    private static boolean passes(Filters filters, String body) {
        Map<String, @Nullable Object> record = new LinkedHashMap<>();
        record.put("messageId", "1");
        record.put("body", body);
        return filters.matches(record, List.of("body"));
    }

    @Test
    void aBodyOfJsonIsLookedInto() {
        Filters filters = of("{\"body\":{\"temp\":[{\"numeric\":[\">\",30]}]}}");
        assertThat(passes(filters, "{\"temp\":31}")).isTrue();
        assertThat(passes(filters, "{\"temp\":29}")).isFalse();
        assertThat(passes(filters, "hot")).isFalse();
    }

    @Test
    void aBodyOfTextIsCompared() {
        assertThat(passes(of("{\"body\":[\"hot\"]}"), "hot")).isTrue();
        assertThat(passes(of("{\"body\":[\"hot\"]}"), "cold")).isFalse();
    }

    @Test
    void oneOfTheFiltersIsEnough() {
        Filters filters = of("{\"body\":{\"a\":[1]}}", "{\"body\":{\"b\":[1]}}");
        assertThat(passes(filters, "{\"b\":1}")).isTrue();
        assertThat(passes(filters, "{\"c\":1}")).isFalse();
    }

    @Test
    void whatIsNoPatternIsRefused() {
        for (String pattern : List.of("not json", "[]", "{\"body\":\"hot\"}")) {
            assertThatThrownBy(() -> of(pattern))
                    .as(pattern)
                    .isInstanceOf(InvalidParameterValueException.class)
                    .hasMessage("Invalid filter pattern definition.");
        }
    }
}
