package org.tawnymail.base;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** The bridge between octets and the text that stands for them: ISO-8859-1, one char an octet, lossless. */
public final class Octets {

    /**
     * The octets of a text.
     *
     * @param text chars 0 to 255; a char above becomes {@code ?}, which only text that never was octets can hold
     */
    public static byte[] of(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /** The text that stands for the octets. */
    public static String text(byte[] octets) {
        return new String(octets, ISO_8859_1);
    }

    /** The text that stands for {@code length} octets from {@code offset}. */
    public static String text(byte[] octets, int offset, int length) {
        return new String(octets, offset, length, ISO_8859_1);
    }

    /** Lower-cases A to Z and nothing else: the only case folding that mail addresses and control files know. */
    public static String lowerCase(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isUpper(text.charAt(i))) {
                return lowerCaseFrom(text, i);
            }
        }
        return text;
    }

    /** Compares two texts, taking A to Z for a to z. */
    public static boolean equalIgnoringCase(String a, String b) {
        return a.length() == b.length() && lowerCase(a).equals(lowerCase(b));
    }

    private static String lowerCaseFrom(String text, int first) {
        char[] chars = text.toCharArray();
        for (int i = first; i < chars.length; i++) {
            if (isUpper(chars[i])) {
                chars[i] = (char) (chars[i] - 'A' + 'a');
            }
        }
        return new String(chars);
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    private Octets() {}
}
