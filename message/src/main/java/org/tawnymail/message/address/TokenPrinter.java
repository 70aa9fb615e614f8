package org.tawnymail.message.address;

import java.util.List;

/** Writes tokens as text again (core spec, section 3.11, step 3). */
public final class TokenPrinter {

    /** The longest line of a printed field, if it can be folded at a comma. */
    public static final int LONGEST_LINE = 78;

    private static final String FOLD = "\n ";

    /**
     * The tokens as a header field, folded after commas and nowhere else, without a line end after it.
     *
     * <p>What stands between two commas goes on the current line as long as that line, its last comma included, stays
     * within {@value #LONGEST_LINE} octets.
     */
    public static String field(List<Token> tokens) {
        StringBuilder field = new StringBuilder(4 * tokens.size() + 64);
        int lineStart = 0;
        int item = 0;
        while (item < tokens.size()) {
            int start = field.length();
            int next = printItem(field, tokens, item);
            if (item > 0 && field.length() - lineStart > LONGEST_LINE) {
                field.insert(start, FOLD);
                lineStart = start + 1;
            }
            item = next;
        }
        return field.toString();
    }

    /**
     * The octets that the tokens of an address stand for, as an envelope has them: without quotes, backslashes and
     * comments.
     */
    public static String envelope(List<Token> tokens) {
        StringBuilder envelope = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            switch (token.kind()) {
                case COMMENT -> {}
                case LITERAL -> envelope.append('[').append(token.text()).append(']');
                default -> envelope.append(token.text());
            }
        }
        return envelope.toString();
    }

    /** Prints the tokens up to and including the next comma; returns the index of what follows. */
    private static int printItem(StringBuilder field, List<Token> tokens, int from) {
        int i = from;
        while (i < tokens.size()) {
            Token token = tokens.get(i);
            if (i > 0 && needsSpace(tokens.get(i - 1), token)) {
                field.append(' ');
            }
            print(field, token);
            i++;
            if (token.is(Token.Kind.COMMA)) {
                break;
            }
        }
        return i;
    }

    private static boolean needsSpace(Token left, Token right) {
        return left.is(Token.Kind.COLON)
                || left.is(Token.Kind.COMMA)
                || right.is(Token.Kind.LEFT)
                || (left.kind().isWordLike() && right.kind().isWordLike());
    }

    private static void print(StringBuilder field, Token token) {
        switch (token.kind()) {
            case ATOM -> escape(field, token.text());
            case QUOTED -> enclose(field, '"', token.text(), '"');
            case LITERAL -> enclose(field, '[', token.text(), ']');
            case COMMENT -> enclose(field, '(', token.text(), ')');
            default -> field.append(token.text());
        }
    }

    private static void enclose(StringBuilder field, char open, String text, char close) {
        field.append(open);
        escape(field, text);
        field.append(close);
    }

    private static void escape(StringBuilder field, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '[', ']', '(', ')', '\\', '\r', '\n' -> field.append('\\');
                default -> {}
            }
            field.append(c);
        }
    }

    private TokenPrinter() {}
}
