package org.tawnymail.message.address;

/**
 * One token of an address field (core spec, section 3.11).
 *
 * @param kind what it is
 * @param text the octets that it stands for: without quotes, brackets or parentheses, and without backslashes that only
 *     protect; a special token is its own octet
 */
public record Token(Kind kind, String text) {

    /** The kinds of tokens; the first four have a text of their own. */
    public enum Kind {
        ATOM,
        QUOTED,
        LITERAL,
        COMMENT,
        DOT,
        COMMA,
        AT,
        LEFT,
        RIGHT,
        COLON,
        SEMICOLON;

        /** Whether two such tokens in a row need a space between them. */
        boolean isWordLike() {
            return compareTo(COMMENT) <= 0;
        }
    }

    public static final Token DOT = new Token(Kind.DOT, ".");
    public static final Token COMMA = new Token(Kind.COMMA, ",");
    public static final Token AT = new Token(Kind.AT, "@");
    public static final Token LEFT = new Token(Kind.LEFT, "<");
    public static final Token RIGHT = new Token(Kind.RIGHT, ">");
    public static final Token COLON = new Token(Kind.COLON, ":");
    public static final Token SEMICOLON = new Token(Kind.SEMICOLON, ";");

    /** An atom as it is in a field: the octets need no quotes. */
    public static Token atom(String text) {
        return new Token(Kind.ATOM, text);
    }

    /** A quoted string, whatever the octets. */
    public static Token quoted(String text) {
        return new Token(Kind.QUOTED, text);
    }

    /** A comment without its parentheses. */
    public static Token comment(String text) {
        return new Token(Kind.COMMENT, text);
    }

    boolean is(Kind expected) {
        return kind == expected;
    }
}
