package dev.freehold.services.sns.filter;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/// Reads filter policies token by token, as AWS does: its errors name the place where the reading
/// stopped, so that the order of the checks is part of the answer.
final class FilterPolicyReader {
    private static final int MAX_KEYS = 5;
    private static final int MAX_COMBINATIONS = 150;
    private static final int MAX_DEPTH = 50;
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                    .build();

    private final JsonParser parser;
    private final String text;
    private final boolean nested;
    private final Set<String> keys = new HashSet<>();

    private FilterPolicyReader(JsonParser parser, String text, boolean nested) {
        this.parser = parser;
        this.text = text;
        this.nested = nested;
    }

    /// @param nested whether fields may be in objects: they may for message bodies
    static FilterPolicy read(String text, boolean nested) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            FilterPolicyReader reader = new FilterPolicyReader(parser, text, nested);
            FilterPolicy policy = reader.whole();
            if (reader.keys.size() > MAX_KEYS) {
                throw new FilterPolicyException(
                        "Filter policy can not have more than 5 keys", false);
            }
            if (combinations(policy) > MAX_COMBINATIONS) {
                throw new FilterPolicyException("Filter policy is too complex", false);
            }
            return policy;
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            // The word of the Jackson that AWS uses.
            String what = e.getOriginalMessage().replace("property name", "field name");
            throw new FilterPolicyException(
                    "failed to parse JSON. "
                            + what
                            + "\n at [Source: REDACTED"
                            + " (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: "
                            + (at == null ? 1 : at.getLineNr())
                            + ", column: "
                            + (at == null ? 1 : at.getColumnNr())
                            + "]",
                    false);
        }
    }

    /// The product of the numbers of values, each times its depth.
    private static double combinations(FilterPolicy policy) {
        double product = 1;
        for (Map.Entry<List<String>, List<Pattern>> field : policy.fields().entrySet()) {
            product *= field.getKey().size() * values(field.getValue());
        }
        for (List<FilterPolicy> any : policy.alternatives()) {
            product *= any.stream().mapToDouble(FilterPolicyReader::combinations).sum();
        }
        return product;
    }

    private static double values(List<Pattern> patterns) {
        return patterns.stream()
                .mapToInt(pattern ->
                        pattern instanceof Pattern.NoneOf(List<Object> unwanted)
                                ? unwanted.size()
                                : 1)
                .sum();
    }

    private FilterPolicy whole() {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw wrong("Filter is not an object");
        }
        FilterPolicy policy = object(List.of());
        if (parser.nextToken() != null) {
            throw wrong("Filter is not an object");
        }
        return policy;
    }

    private FilterPolicy object(List<String> path) {
        Map<List<String>, List<Pattern>> fields = new LinkedHashMap<>();
        List<List<FilterPolicy>> alternatives = new ArrayList<>();
        boolean empty = true;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            empty = false;
            String name = parser.currentName();
            if (path.isEmpty() && !name.equals("$or")) {
                keys.add(name);
            }
            List<String> at = new ArrayList<>(path);
            at.add(name);
            switch (parser.nextToken()) {
                case START_OBJECT -> {
                    FilterPolicy below = object(at);
                    fields.putAll(below.fields());
                    alternatives.addAll(below.alternatives());
                }
                case START_ARRAY -> {
                    if (name.equals("$or")) {
                        alternatives.add(alternatives(path));
                    } else {
                        fields.put(List.copyOf(at), patterns());
                    }
                }
                default -> throw wrong("\"" + name + "\" must be an object or an array");
            }
            boolean deeper = fields.keySet().stream().anyMatch(one -> one.size() > 1);
            if (deeper && !nested && path.isEmpty()) {
                throw new FilterPolicyException(
                        "Filter policy scope MessageAttributes does not support nested filter"
                                + " policy",
                        true);
            }
        }
        if (empty && !path.isEmpty()) {
            throw wrong("Empty objects are not allowed");
        }
        return new FilterPolicy(fields, alternatives);
    }

    private List<FilterPolicy> alternatives(List<String> path) {
        List<FilterPolicy> any = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw wrong("\"$or\" must be an array of objects");
            }
            any.add(object(path));
        }
        if (any.size() < 2) {
            throw wrong("There must be at least 2 Objects in $or relationship.");
        }
        return any;
    }

    private List<Pattern> patterns() {
        List<Pattern> patterns = new ArrayList<>();
        JsonToken token;
        while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
            patterns.add(
                    switch (token) {
                        case START_OBJECT -> expression();
                        case VALUE_STRING -> new Pattern.Exactly(parser.getString());
                        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Pattern.Exactly(number());
                        case VALUE_TRUE -> new Pattern.Exactly(Boolean.TRUE);
                        case VALUE_FALSE -> new Pattern.Exactly(Boolean.FALSE);
                        case VALUE_NULL -> new Pattern.Exactly(null);
                        default ->
                                throw wrong(
                                        "Match value must be String, number, true, false, or"
                                                + " null");
                    });
        }
        if (patterns.isEmpty()) {
            throw wrong("Empty arrays are not allowed");
        }
        return patterns;
    }

    private BigDecimal number() {
        return new BigDecimal(parser.getString());
    }

    private Pattern expression() {
        if (parser.nextToken() != JsonToken.PROPERTY_NAME) {
            throw wrong("Match expression name not found");
        }
        String type = parser.currentName();
        Pattern pattern =
                switch (type) {
                    case "prefix" -> new Pattern.Prefix(string(type));
                    case "suffix" -> new Pattern.Suffix(string(type));
                    case "equals-ignore-case" -> new Pattern.IgnoringCase(string(type));
                    case "exactly" -> new Pattern.Exactly(string(type));
                    case "cidr" -> cidr();
                    case "numeric" -> numeric();
                    case "exists" -> exists();
                    case "anything-but" -> anythingBut();
                    default -> throw wrong("Unrecognized match type " + type);
                };
        if (parser.nextToken() != JsonToken.END_OBJECT) {
            throw wrong("Only one key allowed in match expression");
        }
        return pattern;
    }

    private String string(String type) {
        if (parser.nextToken() != JsonToken.VALUE_STRING) {
            throw wrong(type + " match pattern must be a string");
        }
        return parser.getString();
    }

    private Pattern cidr() {
        // AWS: it says "prefix" here too.
        String range = string("prefix");
        try {
            return new Pattern.Cidr(AddressRange.parse(range));
        } catch (IllegalArgumentException e) {
            throw new FilterPolicyException(String.valueOf(e.getMessage()), false);
        }
    }

    private Pattern exists() {
        return switch (parser.nextToken()) {
            case VALUE_TRUE -> new Pattern.Exists(true);
            case VALUE_FALSE -> new Pattern.Exists(false);
            default -> throw wrong("exists match pattern must be either true or false.");
        };
    }

    private Pattern anythingBut() {
        return switch (parser.nextToken()) {
            case START_ARRAY -> new Pattern.NoneOf(unwanted());
            case START_OBJECT -> notPrefix();
            case VALUE_STRING -> new Pattern.NoneOf(List.of(parser.getString()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Pattern.NoneOf(List.of(number()));
            default ->
                    throw wrong(
                            "Value of anything-but must be an array or single string/number"
                                    + " value.");
        };
    }

    private Pattern notPrefix() {
        parser.nextToken();
        String name = parser.currentName();
        if (!"prefix".equals(name)) {
            throw wrong("Unsupported anything-but pattern: " + name);
        }
        String prefix = string("prefix");
        if (prefix.isEmpty()) {
            throw wrong("Null prefix/suffix not allowed");
        }
        if (parser.nextToken() != JsonToken.END_OBJECT) {
            throw wrong("Only one key allowed in match expression");
        }
        return new Pattern.NotPrefix(prefix);
    }

    private List<Object> unwanted() {
        List<Object> values = new ArrayList<>();
        Set<Boolean> kinds = new HashSet<>();
        JsonToken token;
        while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
            switch (token) {
                case VALUE_STRING -> values.add(parser.getString());
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> values.add(number());
                default ->
                        throw wrong(
                                "Inside anything but list, start|null|boolean is not supported.");
            }
            kinds.add(token == JsonToken.VALUE_STRING);
            if (kinds.size() > 1) {
                throw wrong(
                        "Inside anything but list, either all values are number or string, mixed"
                                + " type is not supported");
            }
        }
        if (values.isEmpty()) {
            throw wrong("Empty arrays are not allowed");
        }
        return values;
    }

    private Pattern numeric() {
        if (parser.nextToken() != JsonToken.START_ARRAY) {
            throw wrong("Value of numeric must be an array.");
        }
        if (parser.nextToken() != JsonToken.VALUE_STRING) {
            throw wrong("Invalid member in numeric match: " + parser.getString());
        }
        String operator = parser.getString();
        parser.nextToken();
        return switch (operator) {
            case "=" -> {
                BigDecimal value = operand("equals");
                endOfNumeric();
                yield new Pattern.Numeric(value, true, value, true);
            }
            case "<", "<=" -> {
                BigDecimal high = operand(operator);
                endOfNumeric();
                yield new Pattern.Numeric(null, false, high, operator.equals("<="));
            }
            case ">", ">=" -> range(operand(operator), operator.equals(">="));
            default -> throw wrong("Unrecognized numeric range operator: " + operator);
        };
    }

    private BigDecimal operand(String operator) {
        if (!parser.currentToken().isNumeric()) {
            throw wrong("Value of " + operator + " must be numeric");
        }
        return number();
    }

    private void endOfNumeric() {
        if (parser.nextToken() != JsonToken.END_ARRAY) {
            throw wrong("Too many elements in numeric expression");
        }
    }

    private Pattern range(BigDecimal low, boolean included) {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.END_ARRAY) {
            return new Pattern.Numeric(low, included, null, false);
        }
        if (token != JsonToken.VALUE_STRING) {
            throw wrong("Bad value in numeric range: " + parser.getString());
        }
        String operator = parser.getString();
        if (!operator.equals("<") && !operator.equals("<=")) {
            throw wrong("Bad numeric range operator: " + operator);
        }
        parser.nextToken();
        BigDecimal high = operand(operator);
        if (parser.nextToken() != JsonToken.END_ARRAY) {
            throw wrong("Too many terms in numeric range expression");
        }
        if (low.compareTo(high) >= 0) {
            throw wrong("Bottom must be less than top");
        }
        return new Pattern.Numeric(low, included, high, operator.equals("<="));
    }

    private FilterPolicyException wrong(String message) {
        TokenStreamLocation at = parser.currentLocation();
        return new FilterPolicyException(
                message
                        + "\n at [Source: (String)\""
                        + text
                        + "\"; line: "
                        + at.getLineNr()
                        + ", column: "
                        + at.getColumnNr()
                        + "]",
                false);
    }
}
