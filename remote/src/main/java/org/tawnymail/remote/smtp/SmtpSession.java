package org.tawnymail.remote.smtp;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.List;
import org.tawnymail.base.Outcome;

/**
 * One connection to an SMTP server, past its greeting. Used by one thread at a time.
 */
public final class SmtpSession {

    private static final int GREETING = 220;
    private static final int HELLO_ACCEPTED = 250;

    /** What came of an attempt to begin a session. */
    public sealed interface Opening {

        /** The host is ready for mail. */
        record Ready(SmtpSession session) implements Opening {}

        /** There is no connection; {@code timedOut} tells whether the host did not answer at all. */
        record Unreachable(boolean timedOut) implements Opening {}

        /**
         * There was a connection, but no session.
         *
         * @param elsewhere whether another host may be tried for the same mail
         */
        record Refused(Report report, boolean elsewhere) implements Opening {}
    }

    /** What came of a transaction. */
    public sealed interface Result {

        Report report();

        /** The host has decided. */
        record Decided(Report report) implements Result {}

        /** Nothing was decided and no text was sent: another connection or host may be tried. */
        record Declined(Report report) implements Result {}
    }

    private final Wire wire;
    private final Peer peer;
    private final String helo;
    private final Extensions extensions;
    private int letters;
    private boolean resetFirst;
    private Transaction.After after = Transaction.After.REUSE;

    private SmtpSession(Wire wire, Peer peer, String helo, Extensions extensions) {
        this.wire = wire;
        this.peer = peer;
        this.helo = helo;
        this.extensions = extensions;
    }

    /**
     * Connects, waits for the greeting, says EHLO and, where that is refused, HELO: on a new connection where the server hung up
     * on EHLO.
     */
    static Opening open(Peer peer, String helo, Limits limits, OverdueWatch watch) {
        return open(peer, helo, limits, watch, true);
    }

    private static Opening open(Peer peer, String helo, Limits limits, OverdueWatch watch, boolean extended) {
        Wire wire;
        try {
            wire = Wire.connect(peer, limits, watch);
        } catch (IOException unreachable) {
            return new Opening.Unreachable(isTimeout(unreachable));
        }
        SmtpReports reports = new SmtpReports(peer);
        boolean saidEhlo = false;
        try {
            Reply greeting = wire.reply();
            if (greeting.code() != GREETING) {
                return refused(wire, reports.greetingFailed(greeting), greeting);
            }
            if (extended) {
                wire.command("EHLO " + helo);
                saidEhlo = true;
                Reply ehlo = wire.reply();
                saidEhlo = false;
                if (ehlo.code() == HELLO_ACCEPTED) {
                    return new Opening.Ready(new SmtpSession(wire, peer, helo, Extensions.of(ehlo)));
                }
                if (ehlo.isShuttingDown()) {
                    return refused(wire, reports.nameRejected(ehlo), ehlo);
                }
            }
            wire.command("HELO " + helo);
            Reply hello = wire.reply();
            if (hello.code() == HELLO_ACCEPTED) {
                return new Opening.Ready(new SmtpSession(wire, peer, helo, Extensions.NONE));
            }
            return refused(wire, reports.nameRejected(hello), hello);
        } catch (IOException died) {
            wire.close();
            return saidEhlo && !isTimeout(died)
                    ? open(peer, helo, limits, watch, false)
                    : new Opening.Refused(SmtpReports.only(reports.connectionDied(false)), true);
        }
    }

    /** Carries one letter to some recipients. */
    public Result send(Letter letter, String sender, List<String> recipients, Limits limits) {
        wire.limit(limits.operation());
        Transaction transaction = new Transaction(
                wire, new SmtpReports(peer), extensions, letters > 0, resetFirst, letter, sender, recipients);
        letters++;
        Transaction.Ending ending = transaction.run();
        after = ending.after();
        resetFirst = !(ending.report().message() instanceof Outcome.Delivered);
        return switch (ending) {
            case Transaction.Ending.Decided decided -> new Result.Decided(decided.report());
            case Transaction.Ending.Declined declined -> new Result.Declined(declined.report());
        };
    }

    /** How many letters it has carried or tried to. */
    int letters() {
        return letters;
    }

    /** Whether another letter can follow on this connection. */
    boolean isReusable() {
        return after == Transaction.After.REUSE;
    }

    /** Whether it introduced this host by that name. */
    boolean introducedAs(String name) {
        return helo.equals(name);
    }

    /** Ends the session: says goodbye where the server is in a state to hear it, does not wait for the answer. */
    void end() {
        if (after == Transaction.After.DROP) {
            wire.close();
        } else {
            wire.quit();
        }
    }

    private static Opening refused(Wire wire, Outcome outcome, Reply reply) {
        wire.quit();
        return new Opening.Refused(SmtpReports.only(outcome), !reply.isPermanent());
    }

    /** A host that did not answer: our own limit struck, or the system's. */
    private static boolean isTimeout(IOException unreachable) {
        return unreachable instanceof SocketTimeoutException
                || (unreachable instanceof ConnectException
                        && String.valueOf(unreachable.getMessage()).contains("timed out"));
    }
}
