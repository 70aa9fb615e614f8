package org.tawnymail.tcp.rules;

import java.util.ArrayList;
import java.util.List;
import org.tawnymail.base.Octets;

/**
 * What a rule says.
 *
 * <p>Its record in the file is a run of instructions, each ended by a NUL; one with an unknown first byte is skipped:
 *
 * <pre>
 *   D NUL              deny
 *   +NAME=VALUE NUL    set a variable
 * </pre>
 *
 * @param allowed whether the caller may connect
 * @param settings the variables to set, in order
 */
public record Verdict(boolean allowed, List<Setting> settings) {

    /** What happens when no rule is found. */
    public static final Verdict DEFAULT = new Verdict(true, List.of());

    private static final char DENY = 'D';
    private static final char SET = '+';

    /** One variable for the program. */
    public record Setting(String name, String value) {}

    public Verdict {
        settings = List.copyOf(settings);
    }

    /** Reads a record. */
    static Verdict of(byte[] data) {
        boolean allowed = true;
        List<Setting> settings = new ArrayList<>();
        String text = Octets.text(data);
        int start = 0;
        for (int end = text.indexOf('\0'); end >= 0; end = text.indexOf('\0', start)) {
            char instruction = end == start ? '\0' : text.charAt(start);
            if (instruction == DENY) {
                allowed = false;
            } else if (instruction == SET) {
                int equals = text.indexOf('=', start);
                if (equals > start && equals < end) {
                    settings.add(new Setting(text.substring(start + 1, equals), text.substring(equals + 1, end)));
                }
            }
            start = end + 1;
        }
        return new Verdict(allowed, settings);
    }

    /** The record. */
    byte[] record() {
        StringBuilder data = new StringBuilder();
        if (!allowed) {
            data.append(DENY).append('\0');
        }
        for (Setting setting : settings) {
            data.append(SET)
                    .append(setting.name)
                    .append('=')
                    .append(setting.value)
                    .append('\0');
        }
        return Octets.of(data.toString());
    }
}
