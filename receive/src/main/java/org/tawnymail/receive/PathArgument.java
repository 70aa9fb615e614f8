package org.tawnymail.receive;

import java.util.OptionalLong;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.ControlFiles;

/**
 * The argument of MAIL or RCPT, read as generously as qmail does (core spec, section 8.3): brackets, {@code FROM:} and
 * {@code TO:} may be missing, a source route is skipped, quotes are taken off.
 *
 * @param address the bare address; empty for the null sender
 * @param parameters what follows it: ESMTP parameters, with the bracket still in front
 */
record PathArgument(String address, String parameters) {

    private static final String SIZE = "size=";

    static PathArgument parse(String argument) {
        int open = argument.indexOf('<');
        char terminator = open >= 0 ? '>' : ' ';
        int at = open >= 0 ? open + 1 : afterColon(argument);
        if (at < argument.length() && argument.charAt(at) == '@') {
            int colon = argument.indexOf(':', at);
            at = colon < 0 ? argument.length() : colon + 1;
        }
        StringBuilder address = new StringBuilder(argument.length() - at);
        boolean quoted = false;
        while (at < argument.length()) {
            char c = argument.charAt(at);
            if (c == terminator && !quoted) {
                break;
            }
            at++;
            if (c == '\\') {
                if (at < argument.length()) {
                    address.append(argument.charAt(at++));
                }
            } else if (c == '"') {
                quoted = !quoted;
            } else {
                address.append(c);
            }
        }
        return new PathArgument(address.toString(), argument.substring(at));
    }

    /** The size that the client declares (RFC 1870), if it does. */
    OptionalLong size() {
        int at = 0;
        while (at < parameters.length()) {
            int end = parameters.indexOf(' ', at);
            String word = parameters.substring(at, end < 0 ? parameters.length() : end);
            if (Octets.lowerCase(word).startsWith(SIZE)) {
                return ControlFiles.leadingDigits(word.substring(SIZE.length()));
            }
            at = end < 0 ? parameters.length() : end + 1;
        }
        return OptionalLong.empty();
    }

    private static int afterColon(String argument) {
        int colon = argument.indexOf(':');
        int at = colon < 0 ? argument.length() : colon + 1;
        while (at < argument.length() && argument.charAt(at) == ' ') {
            at++;
        }
        return at;
    }
}
