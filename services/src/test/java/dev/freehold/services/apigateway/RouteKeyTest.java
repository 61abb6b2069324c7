package dev.freehold.services.apigateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteKeyTest {
    private static final List<RouteKey> ROUTES =
            Stream.of(
                            "$default",
                            "ANY /pets/{id}",
                            "GET /pets/{id}",
                            "GET /pets/dog",
                            "GET /pets/dog/1",
                            "ANY /pets/{proxy+}",
                            "POST /{proxy+}")
                    .map(RouteKeyTest::key)
                    .toList();

    @ParameterizedTest
    @CsvSource({
        "GET,  pets/dog/1,   GET /pets/dog/1",
        "GET,  pets/dog,     GET /pets/dog",
        "GET,  pets/cat,     GET /pets/{id}",
        "PUT,  pets/cat,     ANY /pets/{id}",
        "GET,  pets/dog/2,   ANY /pets/{proxy+}",
        "POST, test/5,       POST /{proxy+}",
        "GET,  other,        $default",
    })
    void theMostSpecificRouteTakesARequest(String method, String path, String expected) {
        RouteKey best = null;
        for (RouteKey key : ROUTES) {
            if (key.match(method, List.of(path.split("/"))) != null
                    && (best == null || key.precedes(best))) {
                best = key;
            }
        }
        assertThat(best).isNotNull().extracting(RouteKey::text).isEqualTo(expected);
    }

    @Test
    void variablesTakeTheirSegments() {
        assertThat(
                        key("GET /users/{user}/notes/{id}")
                                .match("GET", List.of("users", "a", "notes", "7")))
                .isEqualTo(Map.of("user", "a", "id", "7"));
        assertThat(key("ANY /files/{path+}").match("GET", List.of("files", "a", "b")))
                .isEqualTo(Map.of("path", "a/b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET",
                "get /a",
                "GET a",
                "GET /{a+}/b",
                "GET /{}",
                "FETCH /a",
                "GET /{a"
            })
    void whatIsNoKeyIsRefused(String text) {
        assertThat(RouteKey.parse(text)).isNull();
    }

    private static RouteKey key(String text) {
        RouteKey key = RouteKey.parse(text);
        return java.util.Objects.requireNonNull(key);
    }
}
