package dev.freehold.services.sns.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FilterPolicyTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"k\":[\"v\"]}                                  | v     | true",
                "{\"k\":[\"w\",\"v\"]}                            | v     | true",
                "{\"k\":[{\"prefix\":\"a\"}]}                     | abc   | true",
                "{\"k\":[{\"suffix\":\"a\"}]}                     | abc   | false",
                "{\"k\":[{\"anything-but\":[\"a\",\"b\"]}]}       | c     | true",
                "{\"k\":[{\"anything-but\":{\"prefix\":\"a\"}}]}  | abc   | false",
                "{\"k\":[{\"equals-ignore-case\":\"AB\"}]}        | aB    | true",
                "{\"k\":[{\"exists\":false}]}                     | v     | false",
                "{\"other\":[{\"exists\":false}]}                 | v     | true",
                "{\"k\":[{\"cidr\":\"10.0.0.0/24\"}]}             | 10.0.0.255 | true",
                "{\"k\":[{\"cidr\":\"10.0.0.0/24\"}]}             | 10.0.1.0 | false",
                "{\"k\":[5]}                                      | 5     | false",
                "{\"$or\":[{\"k\":[\"v\"]},{\"l\":[\"w\"]}]}      | v     | true"
            })
    void aTextIsMatched(String policy, String value, boolean wanted) {
        Candidate candidate = new Candidate().attribute("k", "String", value);

        assertThat(FilterPolicy.parse(policy, false).matches(candidate)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{\"numeric\":[\"=\",300]}]             | 3.0e2 | true",
                "[{\"numeric\":[\">\",0,\"<=\",150]}]    | 150   | true",
                "[{\"numeric\":[\">\",0,\"<=\",150]}]    | 0     | false",
                "[{\"anything-but\":[1,2]}]              | 2.0   | false",
                "[7]                                     | 7     | true"
            })
    void aNumberIsMatchedByItsValue(String patterns, String value, boolean wanted) {
        Candidate candidate = new Candidate().attribute("k", "Number", value);

        assertThat(FilterPolicy.parse("{\"k\":" + patterns + "}", false).matches(candidate))
                .isEqualTo(wanted);
    }

    @Test
    void oneElementOfAnArrayIsEnough() {
        Candidate candidate = new Candidate().attribute("k", "String.Array", "[\"a\",1,true]");

        assertThat(FilterPolicy.parse("{\"k\":[true]}", false).matches(candidate)).isTrue();
        assertThat(FilterPolicy.parse("{\"k\":[2]}", false).matches(candidate)).isFalse();
    }

    @Test
    void aBodyIsMatchedByItsPaths() {
        String policy = "{\"a\":{\"b.c\":[\"x\"]}}";

        assertThat(FilterPolicy.parse(policy, true).matches(body("{\"a\":{\"b\":{\"c\":\"x\"}}}")))
                .isTrue();
        assertThat(FilterPolicy.parse(policy, true).matches(body("{\"a\":[{\"b\":1}]}"))).isFalse();
        assertThat(Candidate.ofBody("no JSON")).isNull();
    }

    private static Candidate body(String json) {
        Candidate candidate = Candidate.ofBody(json);
        return candidate == null ? new Candidate() : candidate;
    }

    @Test
    void anErrorNamesThePlaceWhereTheReadingStopped() {
        assertThatThrownBy(() -> FilterPolicy.parse("{\"key\":[{\"suffix\":100}]}", false))
                .isInstanceOf(FilterPolicyException.class)
                .hasMessage(
                        "suffix match pattern must be a string\n at [Source:"
                                + " (String)\"{\"key\":[{\"suffix\":100}]}\"; line: 1, column: 22]");
        assertThatThrownBy(() -> FilterPolicy.parse("{\"a\":{\"b\":[1]}}", false))
                .hasMessageContaining("does not support nested filter policy");
        assertThatThrownBy(() ->
                        FilterPolicy.parse(
                                "{\"a\":[1],\"b\":[1],\"c\":[1],\"d\":[1],\"e\":[1],\"f\":[1]}",
                                false))
                .hasMessage("Filter policy can not have more than 5 keys");
    }
}
