package org.tawnymail.message.address;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes tokens of the text of a field (core spec, section 3.11, step 1).
 *
 * <p>Two things are stricter than in qmail. A NUL is a failure, because no envelope can carry it. And an atom in which a
 * backslash protects a blank or one of {@code < > ; : @ , .} becomes a quoted string: as an atom it would be printed
 * without the backslash and read as something else.
 */
public final class Tokenizer {

    private final String text;
    private final List<Token> tokens;
    private int at;

    private Tokenizer(String text) {
        this.text = text;
        this.tokens = new ArrayList<>(text.length() / 4 + 4);
    }

    /**
     * The tokens of a text, in a list that may be changed; nothing if a comment, quoted string or literal does not end, if
     * a {@code )} or {@code ]} stands where a token would begin, or if there is a NUL.
     */
    public static Optional<List<Token>> tokens(String text) {
        if (text.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        Tokenizer tokenizer = new Tokenizer(text);
        return tokenizer.run() ? Optional.of(tokenizer.tokens) : Optional.empty();
    }

    /**
     * A number that the tokens of a text do not exceed, found without making any: a token costs some 80 octets of memory,
     * so that a text of a megabyte could need a hundred of them.
     */
    public static int mostTokens(String text) {
        int ends = 1;
        for (int i = 0; i < text.length(); i++) {
            if (endsAtom(text.charAt(i))) {
                ends++;
            }
        }
        return 2 * ends;
    }

    private boolean run() {
        boolean good = true;
        while (good && at < text.length()) {
            switch (text.charAt(at)) {
                case ' ', '\t', '\r', '\n' -> at++;
                case '.' -> special(Token.DOT);
                case ',' -> special(Token.COMMA);
                case '@' -> special(Token.AT);
                case '<' -> special(Token.LEFT);
                case '>' -> special(Token.RIGHT);
                case ':' -> special(Token.COLON);
                case ';' -> special(Token.SEMICOLON);
                case '(' -> good = comment();
                case '"' -> good = enclosed('"', Token.Kind.QUOTED);
                case '[' -> good = enclosed(']', Token.Kind.LITERAL);
                case ')', ']' -> good = false;
                default -> good = atom();
            }
        }
        return good;
    }

    private void special(Token token) {
        tokens.add(token);
        at++;
    }

    private boolean comment() {
        StringBuilder content = new StringBuilder();
        int depth = 1;
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                if (--depth == 0) {
                    tokens.add(Token.comment(content.toString()));
                    return true;
                }
            } else if (c != '\\') {
                content.append(c);
            } else if (at < text.length()) {
                content.append(text.charAt(at++));
            }
        }
        return false;
    }

    private boolean enclosed(char end, Token.Kind kind) {
        StringBuilder content = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == end) {
                tokens.add(new Token(kind, content.toString()));
                return true;
            }
            if (c != '\\') {
                content.append(c);
            } else if (at < text.length()) {
                content.append(text.charAt(at++));
            }
        }
        return false;
    }

    private boolean atom() {
        int start = at;
        while (at < text.length() && text.charAt(at) != '\\' && !endsAtom(text.charAt(at))) {
            at++;
        }
        String plain = text.substring(start, at);
        if (at == text.length() || text.charAt(at) != '\\') {
            tokens.add(atomOrQuoted(plain));
            return true;
        }
        return escapedAtom(new StringBuilder(plain));
    }

    private boolean escapedAtom(StringBuilder content) {
        boolean mustQuote = false;
        while (at < text.length() && !endsAtom(text.charAt(at))) {
            char c = text.charAt(at++);
            if (c == '\\') {
                if (at == text.length()) {
                    return false;
                }
                c = text.charAt(at++);
                mustQuote |= wouldReadOtherwise(c);
            }
            content.append(c);
        }
        String atom = content.toString();
        tokens.add(mustQuote ? Token.quoted(atom) : atomOrQuoted(atom));
        return true;
    }

    private static boolean endsAtom(char c) {
        return switch (c) {
            case ' ', '\t', '\r', '\n', '(', '[', '"', '<', '>', ';', ':', '@', ',', '.' -> true;
            default -> false;
        };
    }

    /** Whether an octet that was protected ends an atom when it is not, and gets no backslash when it is printed. */
    private static boolean wouldReadOtherwise(char c) {
        return switch (c) {
            case ' ', '\t', '<', '>', ';', ':', '@', ',', '.' -> true;
            default -> false;
        };
    }

    private static Token atomOrQuoted(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 32 || c > 126 || c == ')' || c == ']' || c == '\\') {
                return Token.quoted(text);
            }
        }
        return Token.atom(text);
    }
}
