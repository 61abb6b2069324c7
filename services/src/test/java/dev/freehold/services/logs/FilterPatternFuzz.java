package dev.freehold.services.logs;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/// Filter patterns: any text is a pattern, which then judges any message, or is refused in words.
final class FilterPatternFuzz {
    @FuzzTest
    void anyTextIsAPatternOrIsRefused(FuzzedDataProvider data) {
        String text = data.consumeString(FilterPattern.MAX_LENGTH);
        String message = data.consumeRemainingAsString();
        FilterPattern pattern;
        try {
            pattern = FilterPattern.parse(text);
        } catch (IllegalArgumentException e) {
            return;
        }
        if (pattern.matches(message)) {
            pattern.extract(message);
        }
    }
}
