package dev.freehold.services.sns.filter;

import java.util.List;
import java.util.Map;

/// Which messages a subscription wants: all fields must match, each by one of its patterns.
///
/// @param fields patterns by path
/// @param alternatives sets of policies of which one must match, for each `$or`
public record FilterPolicy(
        Map<List<String>, List<Pattern>> fields, List<List<FilterPolicy>> alternatives) {
    public FilterPolicy {
        fields = Map.copyOf(fields);
        alternatives = List.copyOf(alternatives);
    }

    /// @throws FilterPolicyException with AWS's words when the text is no policy
    public static FilterPolicy parse(String text, boolean nested) {
        return FilterPolicyReader.read(text, nested);
    }

    /// Whether a message is wanted.
    public boolean matches(Candidate candidate) {
        for (Map.Entry<List<String>, List<Pattern>> field : fields.entrySet()) {
            if (!matches(candidate, field.getKey(), field.getValue())) {
                return false;
            }
        }
        return alternatives.stream()
                .allMatch(any -> any.stream().anyMatch(one -> one.matches(candidate)));
    }

    private static boolean matches(Candidate candidate, List<String> path, List<Pattern> patterns) {
        List<?> values = candidate.values(path);
        if (values.isEmpty()) {
            return patterns.stream()
                    .anyMatch(pattern ->
                            pattern instanceof Pattern.Exists(boolean wanted) && !wanted);
        }
        return patterns.stream().anyMatch(pattern -> values.stream().anyMatch(pattern::matches));
    }
}
