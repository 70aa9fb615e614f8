package org.tawnymail.base.address;

import java.util.Optional;

/**
 * One address of an envelope, unquoted: {@code an na@corp.example} rather than {@code "an na"@corp.example}.
 *
 * @param local what stands before the last {@code @}; the whole address if it has none. ISO-8859-1, any octet
 * @param domain what stands after it, possibly the empty text; nothing if the address has no {@code @}
 */
public record MailAddress(String local, Optional<String> domain) {

    /** The octets that need no quotes besides letters and digits (core spec, section 3.13). */
    private static final String SAFE_SIGNS = "!#$%&'*+-./=?^_`{|}~";

    private static final boolean[] SAFE = safeOctets();

    /** The address that a text of an envelope is, parted at its last {@code @}. */
    public static MailAddress of(String address) {
        int at = address.lastIndexOf('@');
        return at < 0
                ? new MailAddress(address, Optional.empty())
                : new MailAddress(address.substring(0, at), Optional.of(address.substring(at + 1)));
    }

    /** The null sender, or nothing at all. */
    public boolean isEmpty() {
        return local.isEmpty() && domain.isEmpty();
    }

    /**
     * The address as header fields and SMTP commands write it: the local part in quotes if it needs them, the domain as
     * it is, the empty address empty.
     */
    public String quoted() {
        if (isEmpty()) {
            return "";
        }
        String quoted = quotedLocal(local);
        return domain.isPresent() ? quoted + "@" + domain.get() : quoted;
    }

    /** The same for the text of an envelope. */
    public static String quoted(String address) {
        return of(address).quoted();
    }

    /** A local part, in quotes if it needs them; the empty one does. */
    public static String quotedLocal(String local) {
        if (!needsQuotes(local)) {
            return local;
        }
        StringBuilder quoted = new StringBuilder(local.length() + 4).append('"');
        for (int i = 0; i < local.length(); i++) {
            char c = local.charAt(i);
            if (c == '\r' || c == '\n' || c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c);
        }
        return quoted.append('"').toString();
    }

    /**
     * Whether a local part is not a plain dot-atom: empty, with an octet outside the safe ones, or with a dot at either
     * end or two in a row.
     */
    public static boolean needsQuotes(String local) {
        char before = '.';
        for (int i = 0; i < local.length(); i++) {
            char c = local.charAt(i);
            if (c >= SAFE.length || !SAFE[c] || (c == '.' && before == '.')) {
                return true;
            }
            before = c;
        }
        return before == '.';
    }

    /** The address as the envelope has it: {@code of(text).toString()} is {@code text}. */
    @Override
    public String toString() {
        return domain.isPresent() ? local + "@" + domain.get() : local;
    }

    private static boolean[] safeOctets() {
        boolean[] safe = new boolean[128];
        for (char c = 0; c < safe.length; c++) {
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            safe[c] = letter || (c >= '0' && c <= '9') || SAFE_SIGNS.indexOf(c) >= 0;
        }
        return safe;
    }
}
