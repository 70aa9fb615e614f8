package org.tawnymail.bench.load;

import java.net.InetSocketAddress;

/**
 * What to send.
 *
 * @param server where to
 * @param sessions how many connections at the same time
 * @param messages how many messages in all
 * @param size octets of each, header included; at least {@value #SMALLEST}
 * @param kept whether a connection carries one message after another; else it carries one
 * @param sender the reverse-path
 * @param recipient the one recipient
 * @param firstNumber the number in the first message's id; the others follow
 */
public record LoadPlan(
        InetSocketAddress server,
        int sessions,
        int messages,
        int size,
        boolean kept,
        String sender,
        String recipient,
        long firstNumber) {

    /** What the header takes. */
    public static final int SMALLEST = 512;

    private static final int MOST_SESSIONS = 20_000;

    public LoadPlan {
        if (sessions < 1 || sessions > MOST_SESSIONS) {
            throw new IllegalArgumentException("sessions: 1 to " + MOST_SESSIONS + ", not " + sessions);
        }
        if (messages < 1) {
            throw new IllegalArgumentException("messages: at least 1, not " + messages);
        }
        if (size < SMALLEST) {
            throw new IllegalArgumentException("size: at least " + SMALLEST + ", not " + size);
        }
        if (sender.length() + recipient.length() > SMALLEST / 2) {
            throw new IllegalArgumentException("addresses too long: " + sender + ", " + recipient);
        }
    }

    /** The same, for other messages. */
    public LoadPlan with(int itsMessages, boolean itsKept, long itsFirstNumber) {
        return new LoadPlan(server, sessions, itsMessages, size, itsKept, sender, recipient, itsFirstNumber);
    }
}
