package org.tawnymail.remote.smtp;

/**
 * A reply of an SMTP server.
 *
 * @param code that of its first line; the codes of further lines do not count (core spec, section 7.5)
 * @param text all its lines, codes included, each ended by LF and without CR; at most {@link Wire#LONGEST_REPLY_TEXT}
 *     octets of them
 */
record Reply(int code, String text) {

    /**
     * The code of a line that does not begin with three digits. Such a host does not speak SMTP, which is no reason to
     * bounce mail.
     */
    static final int GARBLED = 400;

    private static final int SHUTTING_DOWN = 421;
    private static final int INSUFFICIENT_STORAGE = 452;
    private static final int EXCEEDED_STORAGE = 552;

    /** Length of {@code 452-}. */
    private static final int CODE_AND_SIGN = 4;

    boolean isAccepted() {
        return code < 400;
    }

    /**
     * Whether the message is the server's now (RFC 5321, section 4.2.1). Anything else that sounds like a yes, such as the 354
     * of a server that is out of step, is none.
     */
    boolean isCompletion() {
        return code >= 200 && code < 300;
    }

    boolean isTemporary() {
        return code >= 400 && code < 500;
    }

    boolean isPermanent() {
        return code >= 500;
    }

    /**
     * Whether it says to a recipient, of whom others were taken before, that these were enough for one transaction (RFC 5321,
     * section 4.5.3.1.10; RFC 3463, X.5.3). 552 is what RFC 821 had for it.
     */
    boolean isEnoughRecipients() {
        boolean saysSo = text.startsWith("4.5.3", CODE_AND_SIGN) || text.startsWith("5.5.3", CODE_AND_SIGN);
        return code == INSUFFICIENT_STORAGE || code == EXCEEDED_STORAGE || (code >= 400 && saysSo);
    }

    /** The server ends the connection (RFC 5321, section 3.8). */
    boolean isShuttingDown() {
        return code == SHUTTING_DOWN;
    }
}
