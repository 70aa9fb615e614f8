package org.tawnymail.base;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The bridge between octets and the text that stands for them: ISO-8859-1, one char an octet, lossless. */
public final class Octets {

    /** What the JDK writes and reads the names of files in. */
    private static final Charset FILE_NAMES = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

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

    /**
     * The file whose name are these octets. The JDK turns names into octets with the character set of the locale, which
     * this undoes; in the locale {@code C.UTF-8}, which the launcher sets, every name that is UTF-8 can be reached.
     *
     * @throws InvalidPathException if the octets hold a NUL or are no text in the character set of the locale: a file of
     *     that name cannot be reached
     */
    public static Path path(String name) {
        if (isAscii(name)) {
            return Path.of(name);
        }
        Path path = Path.of(new String(of(name), FILE_NAMES));
        if (!fileName(path).equals(name)) {
            throw new InvalidPathException(name, "not text in " + FILE_NAMES.name());
        }
        return path;
    }

    /** The octets of a file's name, as the system sees them. */
    public static String fileName(Path path) {
        String name = path.toString();
        return isAscii(name) ? name : text(name.getBytes(FILE_NAMES));
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

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    private Octets() {}
}
