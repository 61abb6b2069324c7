package dev.freehold.services.dynamodb.partiql;

import dev.freehold.protocol.CommonError;
import dev.freehold.services.dynamodb.value.Values;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement's tokens.
final class PartiqlTokens {
    /// The longest statement.
    private static final int MAX_LENGTH = 8192;

    private static final int MAX_DEPTH = 60;

    /// The kinds of tokens.
    enum Kind {
        WORD,
        QUOTED_NAME,
        TEXT,
        NUMBER,
        SIGN,
        END
    }

    /// A token.
    record Token(Kind kind, String text) {
        boolean is(String word) {
            return (kind == Kind.WORD || kind == Kind.SIGN) && text.equalsIgnoreCase(word);
        }
    }

    private static final Token END = new Token(Kind.END, "");

    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int depth;

    PartiqlTokens(String text) {
        if (text.length() > MAX_LENGTH) {
            throw invalid("Statement exceeds the maximum length of " + MAX_LENGTH);
        }
        int i = 0;
        while (i < text.length()) {
            i = Character.isWhitespace(text.charAt(i)) ? i + 1 : cut(text, i);
        }
    }

    static CommonError invalid(@Nullable String what) {
        return Values.invalid(
                "Statement wasn't well formed, can't be processed: " + what);
    }

    private int cut(String text, int start) {
        char c = text.charAt(start);
        if (c == '\'' || c == '"') {
            return quoted(text, start, c);
        }
        if (Character.isDigit(c)) {
            int end = start + 1;
            while (end < text.length() && isNumber(text, end)) {
                end++;
            }
            tokens.add(new Token(Kind.NUMBER, text.substring(start, end)));
            return end;
        }
        if (Character.isLetter(c) || c == '_') {
            int end = start + 1;
            while (end < text.length()
                    && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
                end++;
            }
            tokens.add(new Token(Kind.WORD, text.substring(start, end)));
            return end;
        }
        String pair = text.substring(start, Math.min(text.length(), start + 2));
        if (List.of("<=", ">=", "<>", "!=", "<<", ">>").contains(pair)) {
            tokens.add(new Token(Kind.SIGN, pair));
            return start + 2;
        }
        if ("=<>(),.[]{}:?*+-;".indexOf(c) < 0) {
            throw invalid("Lexer error: invalid character at column " + (start + 1));
        }
        tokens.add(new Token(Kind.SIGN, String.valueOf(c)));
        return start + 1;
    }

    private static boolean isNumber(String text, int at) {
        char c = text.charAt(at);
        char before = text.charAt(at - 1);
        boolean exponent = before == 'e' || before == 'E';
        return Character.isDigit(c)
                || c == '.'
                || c == 'e'
                || c == 'E'
                || exponent && (c == '+' || c == '-');
    }

    private int quoted(String text, int start, char quote) {
        StringBuilder out = new StringBuilder();
        int i = start + 1;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == quote && i + 1 < text.length() && text.charAt(i + 1) == quote) {
                out.append(c);
                i += 2;
            } else if (c == quote) {
                Kind kind = quote == '"' ? Kind.QUOTED_NAME : Kind.TEXT;
                tokens.add(new Token(kind, out.toString()));
                return i + 1;
            } else {
                out.append(c);
                i++;
            }
        }
        throw invalid("Lexer error: unterminated quote at column " + (start + 1));
    }

    Token peek() {
        return at < tokens.size() ? tokens.get(at) : END;
    }

    Token peekNext() {
        return at + 1 < tokens.size() ? tokens.get(at + 1) : END;
    }

    Token next() {
        Token token = peek();
        at++;
        return token;
    }

    boolean take(String word) {
        if (peek().is(word)) {
            at++;
            return true;
        }
        return false;
    }

    void expect(String word) {
        if (!take(word)) {
            throw unexpected();
        }
    }

    CommonError unexpected() {
        Token token = peek();
        return invalid(
                token.kind == Kind.END
                        ? "Unexpected end of statement"
                        : "Unexpected token: " + token.text);
    }

    void expectEnd() {
        take(";");
        if (peek().kind != Kind.END) {
            throw unexpected();
        }
    }

    void deeper() {
        if (++depth > MAX_DEPTH) {
            throw invalid("Statement is nested too deeply");
        }
    }

    void shallower() {
        depth--;
    }
}
