package org.tawnymail.manual;

import java.util.Locale;

/** Text being written for man: what must be escaped, and lines that are requests. */
final class Roff {

    private final StringBuilder out = new StringBuilder();

    /** A line that is a request or a macro. */
    Roff request(String line) {
        endLine();
        out.append(line).append('\n');
        return this;
    }

    /** Text as it is read; a dash may become a hyphen. */
    Roff text(String text) {
        for (int i = 0; i < text.length(); i++) {
            character(text.charAt(i), false);
        }
        return this;
    }

    /** Text that somebody may copy: each dash is a minus. */
    Roff literal(String text) {
        for (int i = 0; i < text.length(); i++) {
            character(text.charAt(i), true);
        }
        return this;
    }

    /** What means something to roff already, such as a change of font. */
    Roff raw(String escape) {
        out.append(escape);
        return this;
    }

    Roff endLine() {
        if (!isAtLineStart()) {
            out.append('\n');
        }
        return this;
    }

    boolean isAtLineStart() {
        return out.isEmpty() || out.charAt(out.length() - 1) == '\n';
    }

    @Override
    public String toString() {
        return out.toString();
    }

    /** An argument of a macro, in quotes. */
    static String argument(String text) {
        return "\"" + new Roff().text(text).toString().replace("\"", "\\(dq") + "\"";
    }

    private void character(char c, boolean literal) {
        if (isAtLineStart() && (c == '.' || c == '\'')) {
            out.append("\\&");
        }
        switch (c) {
            case '\\' -> out.append("\\e");
            case '-' -> out.append(literal ? "\\-" : "-");
            case '\'' -> out.append(literal ? "\\(aq" : "'");
            case '`' -> out.append("\\(ga");
            case '^' -> out.append("\\(ha");
            case '~' -> out.append("\\(ti");
            default -> {
                if (c < 127) {
                    out.append(c);
                } else {
                    out.append("\\[u")
                            .append(String.format(Locale.ROOT, "%04X", (int) c))
                            .append(']');
                }
            }
        }
    }
}
