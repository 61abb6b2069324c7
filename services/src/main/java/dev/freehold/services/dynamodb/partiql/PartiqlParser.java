package dev.freehold.services.dynamodb.partiql;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.Blob;
import dev.freehold.services.dynamodb.expression.Comparison;
import dev.freehold.services.dynamodb.expression.Condition;
import dev.freehold.services.dynamodb.expression.Operand;
import dev.freehold.services.dynamodb.expression.Path;
import dev.freehold.services.dynamodb.expression.Update;
import dev.freehold.services.dynamodb.partiql.PartiqlTokens.Kind;
import dev.freehold.services.dynamodb.partiql.PartiqlTokens.Token;
import dev.freehold.services.dynamodb.value.ValueChecks;
import dev.freehold.services.dynamodb.value.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads statements by recursive descent.
final class PartiqlParser {
    private final PartiqlTokens tokens;
    private final List<AttributeValue> parameters;
    private int used;

    private PartiqlParser(PartiqlTokens tokens, List<AttributeValue> parameters) {
        this.tokens = tokens;
        this.parameters = parameters;
    }

    /// Reads a statement.
    ///
    /// @param parameters what stands for its question marks
    /// @throws dev.freehold.protocol.CommonError when it is none
    static Statement parse(String text, @Nullable List<AttributeValue> parameters) {
        List<AttributeValue> checked =
                parameters == null
                        ? List.of()
                        : parameters.stream().map(ValueChecks::value).toList();
        PartiqlParser parser = new PartiqlParser(new PartiqlTokens(text), checked);
        Statement statement = parser.statement();
        parser.tokens.expectEnd();
        if (parser.used != checked.size()) {
            throw Values.invalid(
                    "Number of parameters in request and statement don't match.");
        }
        return statement;
    }

    private Statement statement() {
        Token first = tokens.peek();
        if (first.is("EXISTS")) {
            tokens.next();
            tokens.expect("(");
            Statement.Select select = select();
            tokens.expect(")");
            return new Statement.Exists(select);
        }
        return switch (first.kind() == Kind.WORD ? first.text().toUpperCase(Locale.ROOT) : "") {
            case "SELECT" -> select();
            case "INSERT" -> insert();
            case "UPDATE" -> update();
            case "DELETE" -> delete();
            default -> throw tokens.unexpected();
        };
    }

    private String name() {
        Token token = tokens.next();
        if (token.kind() != Kind.WORD && token.kind() != Kind.QUOTED_NAME) {
            throw PartiqlTokens.invalid("Unexpected token: " + token.text());
        }
        return token.text();
    }

    private Statement.Select select() {
        tokens.expect("SELECT");
        List<Path> paths = null;
        if (!tokens.take("*")) {
            paths = new ArrayList<>();
            do {
                paths.add(path());
            } while (tokens.take(","));
        }
        tokens.expect("FROM");
        String table = name();
        String index = tokens.take(".") ? name() : null;
        Condition where = where();
        boolean descending = false;
        if (tokens.take("ORDER")) {
            tokens.expect("BY");
            do {
                path();
                descending = tokens.take("DESC") || !tokens.take("ASC") && descending;
            } while (tokens.take(","));
        }
        return new Statement.Select(table, index, paths, where, descending);
    }

    private @Nullable Condition where() {
        return tokens.take("WHERE") ? or() : null;
    }

    private Statement insert() {
        tokens.expect("INSERT");
        tokens.expect("INTO");
        String table = name();
        tokens.expect("VALUE");
        AttributeValue value = value();
        if (value instanceof AttributeValue.OfM(var item)) {
            return new Statement.Insert(table, ValueChecks.item(item));
        }
        throw PartiqlTokens.invalid("INSERT takes one tuple as VALUE");
    }

    private Statement update() {
        tokens.expect("UPDATE");
        String table = name();
        List<Update.Action> actions = new ArrayList<>();
        while (true) {
            if (tokens.take("SET")) {
                do {
                    Path path = path();
                    tokens.expect("=");
                    actions.add(assignment(path));
                } while (tokens.take(","));
            } else if (tokens.take("REMOVE")) {
                do {
                    actions.add(new Update.Remove(path()));
                } while (tokens.take(","));
            } else {
                break;
            }
        }
        if (actions.isEmpty()) {
            throw tokens.unexpected();
        }
        Condition where = where();
        return new Statement.Change(table, new Update(actions), where, returning());
    }

    private Update.Action assignment(Path path) {
        if (tokens.peek().is("set_add") || tokens.peek().is("set_delete")) {
            boolean add = tokens.next().is("set_add");
            tokens.expect("(");
            path();
            tokens.expect(",");
            AttributeValue value = value();
            tokens.expect(")");
            return add ? new Update.Add(path, value) : new Update.Delete(path, value);
        }
        return new Update.Set(path, term());
    }

    private Update.Term term() {
        Update.Term left = factor();
        while (tokens.peek().is("+") || tokens.peek().is("-")) {
            boolean minus = tokens.next().is("-");
            left = new Update.Sum(left, factor(), minus);
        }
        return left;
    }

    private Update.Term factor() {
        if (tokens.peek().is("list_append") || tokens.peek().is("if_not_exists")) {
            boolean append = tokens.next().is("list_append");
            tokens.expect("(");
            Update.Term first = term();
            tokens.expect(",");
            Update.Term second = term();
            tokens.expect(")");
            if (append) {
                return new Update.ListAppend(first, second);
            }
            if (first instanceof Update.At(Path path)) {
                return new Update.IfNotExists(path, second);
            }
            throw PartiqlTokens.invalid("if_not_exists takes a path");
        }
        return isPath() ? new Update.At(path()) : new Update.Value(value());
    }

    private Statement delete() {
        tokens.expect("DELETE");
        tokens.expect("FROM");
        String table = name();
        Condition where = where();
        return new Statement.Delete(table, where, returning());
    }

    private @Nullable String returning() {
        if (!tokens.take("RETURNING")) {
            return null;
        }
        boolean all = tokens.take("ALL");
        if (!all) {
            tokens.expect("MODIFIED");
        }
        boolean old = tokens.take("OLD");
        if (!old) {
            tokens.expect("NEW");
        }
        tokens.expect("*");
        return (all ? "ALL_" : "UPDATED_") + (old ? "OLD" : "NEW");
    }

    private Condition or() {
        tokens.deeper();
        Condition left = and();
        while (tokens.take("OR")) {
            left = new Condition.Or(left, and());
        }
        tokens.shallower();
        return left;
    }

    private Condition and() {
        Condition left = not();
        while (tokens.take("AND")) {
            left = new Condition.And(left, not());
        }
        return left;
    }

    private Condition not() {
        if (tokens.take("NOT")) {
            tokens.deeper();
            Condition inner = not();
            tokens.shallower();
            return new Condition.Not(inner);
        }
        if (tokens.take("(")) {
            Condition inner = or();
            tokens.expect(")");
            return inner;
        }
        return comparison();
    }

    private Condition comparison() {
        Token token = tokens.peek();
        if (tokens.peekNext().is("(") && !token.is("size")) {
            return function();
        }
        Operand left = operand();
        if (tokens.take("BETWEEN")) {
            Operand low = operand();
            tokens.expect("AND");
            return new Condition.Between(left, low, operand());
        }
        if (tokens.take("IN")) {
            return new Condition.In(left, list());
        }
        if (tokens.take("IS")) {
            return is(left);
        }
        String sign = tokens.next().text();
        Comparison operator = Comparison.ofSign(sign.equals("!=") ? "<>" : sign);
        if (operator == null) {
            throw PartiqlTokens.invalid("Unexpected token: " + sign);
        }
        return new Condition.Compare(left, operator, operand());
    }

    private List<Operand> list() {
        String end = tokens.take("[") ? "]" : ")";
        if (end.equals(")")) {
            tokens.expect("(");
        }
        List<Operand> all = new ArrayList<>();
        do {
            all.add(operand());
        } while (tokens.take(","));
        tokens.expect(end);
        return all;
    }

    private Condition is(Operand left) {
        boolean not = tokens.take("NOT");
        Condition condition;
        if (tokens.take("MISSING")) {
            condition = new Condition.Missing(left);
        } else {
            tokens.expect("NULL");
            Operand type = new Operand.Literal(new AttributeValue.OfS("NULL"));
            condition = new Condition.HasType(left, type);
        }
        return not ? new Condition.Not(condition) : condition;
    }

    private Condition function() {
        String name = name().toLowerCase(Locale.ROOT);
        if (!Set.of("begins_with", "contains", "attribute_type").contains(name)) {
            throw PartiqlTokens.invalid("Unknown function: " + name);
        }
        tokens.expect("(");
        Operand first = operand();
        tokens.expect(",");
        Operand second = operand();
        tokens.expect(")");
        return switch (name) {
            case "begins_with" -> new Condition.BeginsWith(first, second);
            case "contains" -> new Condition.Contains(first, second);
            default -> new Condition.HasType(first, second);
        };
    }

    private boolean isPath() {
        Token token = tokens.peek();
        return token.kind() == Kind.QUOTED_NAME
                || token.kind() == Kind.WORD
                        && !token.is("true")
                        && !token.is("false")
                        && !token.is("null");
    }

    private Operand operand() {
        if (tokens.peek().is("size") && tokens.peekNext().is("(")) {
            tokens.next();
            tokens.expect("(");
            Operand of = operand();
            tokens.expect(")");
            return new Operand.Size(of);
        }
        return isPath() ? new Operand.At(path()) : new Operand.Literal(value());
    }

    private Path path() {
        List<Object> steps = new ArrayList<>();
        steps.add(name());
        while (true) {
            if (tokens.take(".")) {
                steps.add(name());
            } else if (tokens.take("[")) {
                Token index = tokens.next();
                boolean number =
                        index.kind() == Kind.NUMBER && index.text().matches("[0-9]{1,9}");
                if (!number) {
                    throw PartiqlTokens.invalid("Unexpected token: " + index.text());
                }
                steps.add(Integer.valueOf(index.text()));
                tokens.expect("]");
            } else {
                return new Path(steps);
            }
        }
    }

    private AttributeValue value() {
        return ValueChecks.value(anyValue());
    }

    private AttributeValue anyValue() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case TEXT -> new AttributeValue.OfS(token.text());
            case NUMBER -> new AttributeValue.OfN(token.text());
            case WORD -> word(token);
            case SIGN -> sign(token);
            case QUOTED_NAME, END ->
                    throw PartiqlTokens.invalid("Unexpected token: " + token.text());
        };
    }

    private static AttributeValue word(Token token) {
        if (token.is("null")) {
            return new AttributeValue.OfNULL(true);
        }
        if (token.is("true") || token.is("false")) {
            return new AttributeValue.OfBOOL(token.is("true"));
        }
        throw PartiqlTokens.invalid("Unexpected token: " + token.text());
    }

    private AttributeValue sign(Token token) {
        tokens.deeper();
        AttributeValue value =
                switch (token.text()) {
                    case "?" -> parameter();
                    case "-" -> new AttributeValue.OfN("-" + tokens.next().text());
                    case "{" -> map();
                    case "[" -> new AttributeValue.OfL(elements("]"));
                    case "<<" -> set(elements(">>"));
                    default -> throw PartiqlTokens.invalid("Unexpected token: " + token.text());
                };
        tokens.shallower();
        return value;
    }

    private AttributeValue parameter() {
        if (used >= parameters.size()) {
            throw Values.invalid("Number of parameters in request and statement don't match.");
        }
        return parameters.get(used++);
    }

    private AttributeValue map() {
        Map<String, AttributeValue> map = new LinkedHashMap<>();
        if (tokens.take("}")) {
            return new AttributeValue.OfM(map);
        }
        do {
            Token key = tokens.next();
            if (key.kind() != Kind.TEXT
                    && key.kind() != Kind.QUOTED_NAME
                    && key.kind() != Kind.WORD) {
                throw PartiqlTokens.invalid("Unexpected token: " + key.text());
            }
            tokens.expect(":");
            map.put(key.text(), anyValue());
        } while (tokens.take(","));
        tokens.expect("}");
        return new AttributeValue.OfM(map);
    }

    private List<AttributeValue> elements(String end) {
        List<AttributeValue> elements = new ArrayList<>();
        if (tokens.take(end)) {
            return elements;
        }
        do {
            elements.add(anyValue());
        } while (tokens.take(","));
        tokens.expect(end);
        return elements;
    }

    private static AttributeValue set(List<AttributeValue> elements) {
        List<String> texts = new ArrayList<>();
        List<String> numbers = new ArrayList<>();
        List<Blob> blobs = new ArrayList<>();
        for (AttributeValue element : elements) {
            switch (element) {
                case AttributeValue.OfS(String text) -> texts.add(text);
                case AttributeValue.OfN(String number) -> numbers.add(number);
                case AttributeValue.OfB(Blob blob) -> blobs.add(blob);
                default -> throw PartiqlTokens.invalid("A set holds texts, numbers or binaries");
            }
        }
        if (!numbers.isEmpty()) {
            return new AttributeValue.OfNS(numbers);
        }
        return blobs.isEmpty() ? new AttributeValue.OfSS(texts) : new AttributeValue.OfBS(blobs);
    }
}
