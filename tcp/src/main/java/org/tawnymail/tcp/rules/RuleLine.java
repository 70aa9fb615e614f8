package org.tawnymail.tcp.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tawnymail.tcp.dns.IpLiteral;

/**
 * One line of a rules text.
 *
 * <pre>
 *   rule    := address ':' verdict setting*
 *   verdict := 'allow' | 'deny'
 *   setting := ',' NAME '=' Q VALUE Q            Q = any one byte
 * </pre>
 *
 * <p>An address in brackets is one of IPv6, whole or a prefix that ends in a colon: {@code [::1]:allow}, {@code
 * [2001:db8:]:deny}. The original could not say that.
 *
 * @param keys the keys of its records: one, or one for each number of a range; none for an empty range
 * @param verdict what it says
 */
record RuleLine(List<String> keys, Verdict verdict) {

    private static final int LARGEST_COMPONENT = 255;
    private static final int MOST_DIGITS = 9;

    /** The line makes no sense. */
    static final class Unparsable extends Exception {
        private Unparsable() {}
    }

    /**
     * Reads a line without the blanks at its end.
     *
     * @return nothing for a comment, an empty line, or one without a colon
     */
    static Optional<RuleLine> parse(String line) throws Unparsable {
        if (line.startsWith("#") || line.indexOf(':') < 0) {
            return Optional.empty();
        }
        if (line.indexOf('\0') >= 0) {
            throw new Unparsable();
        }
        int bracket = line.startsWith("[") ? line.indexOf("]:") : -1;
        int colon = bracket >= 0 ? bracket + 1 : line.indexOf(':');
        List<String> keys =
                bracket >= 0 ? List.of(ipv6(line.substring(1, bracket))) : expanded(line.substring(0, colon));
        return Optional.of(new RuleLine(keys, verdict(line.substring(colon + 1))));
    }

    private static String ipv6(String address) {
        return IpLiteral.parse(address).map(IpLiteral::text).orElse(address);
    }

    private static Verdict verdict(String text) throws Unparsable {
        boolean allowed = text.startsWith("allow");
        if (!allowed && !text.startsWith("deny")) {
            throw new Unparsable();
        }
        List<Verdict.Setting> settings = new ArrayList<>();
        int at = allowed ? "allow".length() : "deny".length();
        while (at < text.length()) {
            int equals = text.indexOf('=', at);
            if (text.charAt(at) != ',' || equals < 0 || equals + 1 == text.length()) {
                throw new Unparsable();
            }
            int end = text.indexOf(text.charAt(equals + 1), equals + 2);
            if (end < 0) {
                throw new Unparsable();
            }
            settings.add(new Verdict.Setting(text.substring(at + 1, equals), text.substring(equals + 2, end)));
            at = end + 1;
        }
        return new Verdict(allowed, settings);
    }

    /** The addresses of a range in one component, if there is one; host names may hold a {@code -}. */
    private static List<String> expanded(String address) throws Unparsable {
        int dash = address.indexOf('-');
        if (dash < 0 || address.indexOf('=') >= 0 || address.indexOf('@') >= 0) {
            return List.of(address);
        }
        int from = address.lastIndexOf('.', dash) + 1;
        int dot = address.indexOf('.', dash);
        int to = dot < 0 ? address.length() : dot;
        int lowest = number(address.substring(from, dash));
        int highest = Math.min(number(address.substring(dash + 1, to)), LARGEST_COMPONENT);
        List<String> keys = new ArrayList<>();
        for (int number = lowest; number <= highest; number++) {
            keys.add(address.substring(0, from) + number + address.substring(to));
        }
        return keys;
    }

    /** No digits at all are 0. */
    private static int number(String digits) throws Unparsable {
        if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new Unparsable();
        }
        return digits.isEmpty() ? 0 : digits.length() > MOST_DIGITS ? Integer.MAX_VALUE : Integer.parseInt(digits);
    }
}
