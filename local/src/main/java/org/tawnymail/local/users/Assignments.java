package org.tawnymail.local.users;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.Octets;

/**
 * The lines of users/assign, as the keys and values of users/cdb (core spec, sections 5.5 and 5.6).
 *
 * <pre>
 *   =LOCAL:USER:UID:GID:HOME:DASH:EXT:     key  !local NUL    value  USER NUL UID NUL GID NUL HOME NUL DASH NUL EXT
 *   +LOC:USER:UID:GID:HOME:DASH:PRE:       key  !loc          value  the same, with PRE
 *   .                                      key  (empty)       value  the last letters of all LOC, each once
 * </pre>
 *
 * Keys are lower-cased; the last letters, as in qmail, are not.
 *
 * @param entries in the order of the lines, the one with the empty key last
 */
record Assignments(List<Entry> entries) {

    /** What a key begins with, so that none is empty but the one. */
    static final char KEY_MARK = '!';

    private static final int FIELDS = 6;

    record Entry(String key, String value) {}

    /** Reads all lines up to the one that begins with a dot; nothing if any is malformed or that one is missing. */
    static Optional<Assignments> parse(String text) {
        List<Entry> entries = new ArrayList<>();
        StringBuilder lastLetters = new StringBuilder();
        int start = 0;
        while (start < text.length() && text.charAt(start) != '.') {
            int end = text.indexOf('\n', start);
            Optional<Entry> entry = end < 0 ? Optional.empty() : entry(text.substring(start, end));
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            entries.add(entry.get());
            noteLastLetter(text, start, lastLetters);
            start = end + 1;
        }
        if (start >= text.length()) {
            return Optional.empty();
        }
        entries.add(new Entry("", lastLetters.toString()));
        return Optional.of(new Assignments(List.copyOf(entries)));
    }

    private static Optional<Entry> entry(String line) {
        int colon = line.indexOf(':');
        if (colon <= 0 || line.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        int end = colon;
        for (int i = 0; i < FIELDS; i++) {
            end = line.indexOf(':', end + 1);
            if (end < 0) {
                return Optional.empty();
            }
        }
        String name = KEY_MARK + Octets.lowerCase(line.substring(1, colon));
        String value = line.substring(colon + 1, end).replace(':', '\0');
        return Optional.of(new Entry(isPrefix(line) ? name : name + '\0', value));
    }

    private static void noteLastLetter(String text, int start, StringBuilder lastLetters) {
        int colon = text.indexOf(':', start);
        if (text.charAt(start) == '+' && colon > start + 1) {
            char last = text.charAt(colon - 1);
            if (lastLetters.indexOf(String.valueOf(last)) < 0) {
                lastLetters.append(last);
            }
        }
    }

    private static boolean isPrefix(String line) {
        return line.charAt(0) == '+';
    }
}
