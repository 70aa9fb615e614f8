package org.tawnymail.base.address;

/**
 * Variable envelope return paths (core spec, section 4.5): a list submits one message with one sender, and each
 * recipient's copy comes from an address that names the recipient, so that a bounce tells by itself who it is about.
 */
public final class Verp {

    private static final String SUFFIX = "-@[]";

    /**
     * The envelope sender of one recipient's copy: {@code PRE@HOST-@[]} for {@code BOX@DOM} becomes {@code
     * PREBOX=DOM@HOST}. Any other sender stays as it is.
     *
     * @param recipient the address after routing, virtual prepend included
     */
    public static String expand(String sender, String recipient) {
        if (!isMarked(sender)) {
            return sender;
        }
        int senderAt = sender.lastIndexOf('@', sender.length() - SUFFIX.length() - 1);
        int recipientAt = recipient.lastIndexOf('@');
        if (senderAt < 0 || recipientAt < 0) {
            return sender;
        }
        int hostEnd = sender.length() - SUFFIX.length();
        return new StringBuilder(hostEnd + recipient.length())
                .append(sender, 0, senderAt)
                .append(recipient, 0, recipientAt)
                .append('=')
                .append(recipient, recipientAt + 1, recipient.length())
                .append(sender, senderAt, hostEnd)
                .toString();
    }

    /** Whether a sender asks for expansion. */
    public static boolean isMarked(String sender) {
        return sender.endsWith(SUFFIX);
    }

    /** Whom a bounce of the whole message goes to: the sender without the mark that asks for expansion. */
    public static String unmarked(String sender) {
        return isMarked(sender) ? sender.substring(0, sender.length() - SUFFIX.length()) : sender;
    }

    private Verp() {}
}
