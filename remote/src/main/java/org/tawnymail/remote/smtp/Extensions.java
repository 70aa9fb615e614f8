package org.tawnymail.remote.smtp;

import org.tawnymail.base.Octets;

/**
 * What a server offered in its reply to EHLO, as far as this client uses it.
 *
 * @param pipelining commands may be sent ahead of replies (RFC 2920)
 * @param size MAIL takes the size of the message (RFC 1870)
 * @param eightBitMime MAIL may announce octets above 127 (RFC 6152)
 */
record Extensions(boolean pipelining, boolean size, boolean eightBitMime) {

    /** A server that was greeted with HELO. */
    static final Extensions NONE = new Extensions(false, false, false);

    /** Length of {@code 250-}. */
    private static final int CODE_AND_SIGN = 4;

    /** Reads a reply to EHLO: a keyword a line, after the line with the server's name. */
    static Extensions of(Reply ehlo) {
        boolean pipelining = false;
        boolean size = false;
        boolean eightBitMime = false;
        String text = ehlo.text();
        int line = text.indexOf('\n') + 1;
        while (line > 0 && line < text.length()) {
            int end = text.indexOf('\n', line);
            String keyword = keyword(text, line + CODE_AND_SIGN, end < 0 ? text.length() : end);
            switch (keyword) {
                case "pipelining" -> pipelining = true;
                case "size" -> size = true;
                case "8bitmime" -> eightBitMime = true;
                default -> {
                    // An extension this client has no use for.
                }
            }
            line = end + 1;
        }
        return new Extensions(pipelining, size, eightBitMime);
    }

    private static String keyword(String text, int from, int end) {
        int to = from;
        while (to < end && text.charAt(to) != ' ' && text.charAt(to) != '=') {
            to++;
        }
        return from >= to ? "" : Octets.lowerCase(text.substring(from, to));
    }
}
