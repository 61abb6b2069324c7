package dev.freehold.services.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterPatternTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            textBlock =
                    """
                    ERROR                          ; [ERROR] it broke              ; true
                    ERROR                          ; [error] it broke              ; false
                    ERROR broke                    ; [ERROR] it broke              ; true
                    ERROR -broke                   ; [ERROR] it broke              ; false
                    ?WARN ?ERROR                   ; [ERROR] it broke              ; true
                    "it broke"                     ; [ERROR] it broke              ; true
                    %b[a-z]+e%                     ; [ERROR] it broke              ; true
                    { $.a = "x" }                  ; {"a":"x"}                     ; true
                    { $.a = "x*" }                 ; {"a":"xyz"}                   ; true
                    { $.a.b[1] > 3 }               ; {"a":{"b":[1,4]}}             ; true
                    { $.a > 3 && $.b = 1 }         ; {"a":4,"b":2}                 ; false
                    { ($.a = 4) || ($.b = 1) }     ; {"a":4,"b":2}                 ; true
                    { $.a IS NULL }                ; {"a":null}                    ; true
                    { $.b NOT EXISTS }             ; {"a":null}                    ; true
                    { $.a IS TRUE }                ; {"a":true}                    ; true
                    { $.a = "x" }                  ; not json                      ; false
                    [ip, user, status = 4*]        ; 1.2.3.4 ada 404               ; true
                    [ip, ..., bytes > 1000]        ; 1.2.3.4 ada "GET /" 200 1534  ; true
                    [ip, user]                     ; 1.2.3.4 ada 404               ; false
                    """)
    void matchesAsDocumented(String pattern, String message, boolean expected) {
        assertThat(FilterPattern.parse(pattern).matches(message)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{ $.a", "{ }", "{ $.a ~ 3 }", "[a,", "\"open", "{ $.a > \"x\" }", "%(a+%"})
    void whatIsNoPatternIsRefused(String pattern) {
        assertThatThrownBy(() -> FilterPattern.parse(pattern))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
