package dev.freehold.sandbox;

import dev.freehold.sandbox.api.RuntimeApi;
import dev.freehold.sandbox.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// The errors that the engine itself reports, in AWS's form.
final class Errors {
    /// The largest answer in bytes, unless it is streamed.
    static final int MAX_RESPONSE = RuntimeApi.MAX_RESPONSE;

    private static final JsonFactory FACTORY = new JsonFactory();

    private Errors() {}

    static byte[] json(String type, String message) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("errorType", type);
        error.put("errorMessage", message);
        return Json.write(error);
    }

    static byte[] tooLarge() {
        return json(
                "Function.ResponseSizeTooLarge",
                "Response payload size exceeded maximum allowed payload size ("
                        + MAX_RESPONSE
                        + " bytes).");
    }

    /// The type of an error that a bootstrap sent.
    static String type(byte[] error) {
        return member(error, "errorType", "Unhandled");
    }

    /// What a bootstrap said that a streamed answer is.
    static String contentType(byte[] head) {
        return member(head, "contentType", "application/octet-stream");
    }

    private static String member(byte[] json, String wanted, String fallback) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return fallback;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean found = wanted.equals(parser.currentName());
                if (parser.nextToken() == JsonToken.VALUE_STRING && found) {
                    return parser.getString();
                }
                parser.skipChildren();
            }
            return fallback;
        } catch (JacksonException e) {
            return fallback;
        }
    }

    /// What the system calls an error of starting a program.
    static String spawn(int number) {
        return switch (number) {
            case 2 -> "no such file or directory";
            case 7 -> "argument list too long";
            case 8 -> "exec format error";
            case 11 -> "resource temporarily unavailable";
            case 12 -> "cannot allocate memory";
            case 13 -> "permission denied";
            default -> "errno " + number;
        };
    }

    /// How a process ended that did not end well, by its wait status.
    static String ended(int status) {
        int signal = status & 0x7f;
        return signal != 0 ? "signal: " + signal(signal) : "exit status " + (status >> 8 & 0xff);
    }

    private static String signal(int number) {
        return switch (number) {
            case 6 -> "aborted";
            case 9 -> "killed";
            case 11 -> "segmentation fault";
            case 15 -> "terminated";
            default -> String.valueOf(number);
        };
    }
}
