package dev.freehold.sandbox;

import java.util.LinkedHashMap;
import java.util.Map;

/// The errors that the engine itself reports, in AWS's form.
final class Errors {
    private Errors() {}

    static byte[] json(String type, String message) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("errorType", type);
        error.put("errorMessage", message);
        return Json.write(error);
    }

    static String signal(int number) {
        return switch (number) {
            case 6 -> "aborted";
            case 9 -> "killed";
            case 11 -> "segmentation fault";
            case 15 -> "terminated";
            default -> String.valueOf(number);
        };
    }
}
