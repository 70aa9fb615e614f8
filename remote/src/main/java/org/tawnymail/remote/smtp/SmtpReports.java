package org.tawnymail.remote.smtp;

import java.util.List;
import org.tawnymail.base.Outcome;
import org.tawnymail.tcp.dns.IpLiteral;

/** The texts of the SMTP client's reports about one host (core spec, section 7.5): other programs match on them. */
final class SmtpReports {

    private final String ip;

    SmtpReports(Peer peer) {
        this.ip = IpLiteral.text(peer.address());
    }

    Outcome greetingFailed(Reply reply) {
        return new Outcome.Deferred("Connected to " + ip + " but greeting failed.\n" + said(reply));
    }

    Outcome nameRejected(Reply reply) {
        return new Outcome.Deferred("Connected to " + ip + " but my name was rejected.\n" + said(reply));
    }

    Outcome senderRejected(Reply reply) {
        return refused(reply, "Connected to " + ip + " but sender was rejected.\n");
    }

    /**
     * @param isFurther whether others were accepted before
     */
    Report.Verdict recipient(Reply reply, boolean isFurther) {
        if (reply.isAccepted()) {
            return ACCEPTED;
        }
        String text = ip + " does not like recipient.\n" + said(reply);
        Report.Verdict verdict =
                reply.isPermanent() ? new Report.Verdict.Refused(text) : new Report.Verdict.Postponed(text);
        return isFurther && reply.isEnoughRecipients() ? new Report.Verdict.Surplus(verdict) : verdict;
    }

    Outcome givingUp() {
        return new Outcome.Failed("Giving up on " + ip + ".\n");
    }

    Outcome dataFailed(Reply reply) {
        return refused(reply, ip + " failed on DATA command.\n");
    }

    Outcome afterMessage(Reply reply) {
        return reply.isCompletion()
                ? new Outcome.Delivered(ip + " accepted message.\n" + said(reply))
                : refused(reply, ip + " failed after I sent the message.\n");
    }

    Outcome connectionDied(boolean dotSent) {
        String duplicate = dotSent ? "Possible duplicate! " : "";
        return new Outcome.Deferred("Connected to " + ip + " but connection died. " + duplicate + "(#4.4.2)\n");
    }

    static Outcome partialFinalLine() {
        return new Outcome.Failed("SMTP cannot transfer messages with partial final lines. (#5.6.2)\n");
    }

    static Outcome unreadableMessage() {
        return new Outcome.Deferred("Unable to read message. (#4.3.0)\n");
    }

    /** A report on an attempt that got no further than this. */
    static Report only(Outcome message) {
        return new Report(List.of(), message);
    }

    private static final Report.Verdict ACCEPTED = new Report.Verdict.Accepted("");

    private static Outcome refused(Reply reply, String text) {
        return reply.isPermanent() ? new Outcome.Failed(text + said(reply)) : new Outcome.Deferred(text + said(reply));
    }

    private static String said(Reply reply) {
        String text = reply.text();
        return text.isEmpty() ? "" : "Remote host said: " + text.replace('\0', '?');
    }
}
