package org.tawnymail.message.header;

import java.util.Optional;

/**
 * One field of a header.
 *
 * @param text the whole field as it stands in the message: name, colon, value, its folding, and the line end after it
 * @param name which of the fields that qmail knows it is, if any
 */
public record HeaderField(String text, Optional<FieldName> name) {

    /** The field that a text is; it must be {@linkplain #isField one}. */
    public static HeaderField of(String text) {
        return new HeaderField(text, FieldName.of(text.substring(0, nameLength(text))));
    }

    /** What follows the colon and the blanks after it, the line end included. */
    public String value() {
        int start = text.indexOf(':') + 1;
        while (start < text.length() && isBlank(text.charAt(start))) {
            start++;
        }
        return text.substring(start);
    }

    /**
     * Whether a line begins a field: a colon, and before it, apart from blanks directly before the colon, one or more
     * octets 33 to 126 and nothing else (core spec, section 3.4).
     */
    public static boolean isField(String line) {
        return nameLength(line) > 0;
    }

    /** How long the name at the beginning of a line is, or 0 if there is none. */
    private static int nameLength(String line) {
        int colon = line.indexOf(':');
        int end = colon;
        while (end > 0 && isBlank(line.charAt(end - 1))) {
            end--;
        }
        for (int i = 0; i < end; i++) {
            if (line.charAt(i) < 33 || line.charAt(i) > 126) {
                return 0;
            }
        }
        return Math.max(end, 0);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
