package org.tawnymail.remote.smtp;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.tawnymail.base.Outcome;
import org.tawnymail.base.address.MailAddress;

/**
 * One mail transaction: MAIL, RCPT for each recipient, DATA, the text (RFC 5321, section 3.3; core spec, section 7.5).
 *
 * <p>Where the server allows it, the commands up to and including DATA leave in one write (RFC 2920). DATA then is on its way
 * before the fate of the recipients is known: if none was accepted and the server wants text all the same, it gets a final dot
 * and nothing else (RFC 2920, section 3.1).
 */
final class Transaction {

    /** Commands sent ahead of their replies: what this many replies hold always fits the buffers of both hosts. */
    private static final int MOST_COMMANDS_AHEAD = 50;

    /** How long a reply that no report needs may take. */
    private static final Duration NEEDLESS_REPLY = Duration.ofSeconds(5);

    /** What the connection is good for after a transaction. */
    enum After {
        /** Another transaction. */
        REUSE,
        /** QUIT. */
        QUIT,
        /** Nothing: the server waits for the rest of a text that will not come, or is gone. */
        DROP
    }

    /** How a transaction ended. */
    sealed interface Ending {

        Report report();

        After after();

        /** The host has decided. */
        record Decided(Report report, After after) implements Ending {}

        /**
         * The host would not or could not, before the text of the message was sent: nothing stands in the way of another
         * connection or another host.
         */
        record Declined(Report report, After after) implements Ending {}
    }

    private enum Step {
        RESET,
        MAIL,
        RECIPIENT,
        DATA
    }

    private final Wire wire;
    private final SmtpReports reports;
    private final Extensions extensions;
    private final boolean keptConnection;
    private final Letter letter;
    private final String sender;
    private final List<String> recipients;
    private final List<Report.Verdict> verdicts;

    /** RSET, if there is one, has the number 0, MAIL 1, the recipients follow, DATA is last. */
    private final int first;

    private final int data;
    private int sent;
    private int answered;
    private boolean textSent;
    private boolean dotSent;
    private boolean accepted;

    Transaction(
            Wire wire,
            SmtpReports reports,
            Extensions extensions,
            boolean keptConnection,
            boolean resetFirst,
            Letter letter,
            String sender,
            List<String> recipients) {
        this.wire = wire;
        this.reports = reports;
        this.extensions = extensions;
        this.keptConnection = keptConnection;
        this.letter = letter;
        this.sender = sender;
        this.recipients = recipients;
        this.verdicts = new ArrayList<>(recipients.size());
        this.first = resetFirst ? 0 : 1;
        this.data = recipients.size() + 2;
        this.sent = first;
        this.answered = first;
    }

    Ending run() {
        if (keptConnection && wire.hasUnreadInput()) {
            return declined(reports.connectionDied(false), After.DROP);
        }
        try {
            return converse();
        } catch (Letter.Unreadable unreadable) {
            return decided(SmtpReports.unreadableMessage(), After.DROP);
        } catch (IOException died) {
            Outcome outcome = reports.connectionDied(dotSent);
            return textSent ? decided(outcome, After.DROP) : declined(outcome, After.DROP);
        }
    }

    private Ending converse() throws IOException {
        while (true) {
            Step step = step(answered);
            if (step == Step.DATA && !accepted) {
                return noRecipient();
            }
            Reply reply = answerToNext();
            switch (step) {
                case RESET -> {
                    if (!reply.isAccepted()) {
                        return declined(reports.connectionDied(false), After.QUIT);
                    }
                }
                case MAIL -> {
                    if (!reply.isAccepted()) {
                        return senderRejected(reply);
                    }
                }
                case RECIPIENT -> {
                    Report.Verdict verdict = reports.recipient(reply, accepted);
                    accepted |= verdict instanceof Report.Verdict.Accepted;
                    verdicts.add(verdict);
                    if (reply.isShuttingDown()) {
                        boolean areAllRefused = !accepted && verdicts.size() == recipients.size();
                        return declined(areAllRefused ? reports.givingUp() : reports.connectionDied(false), After.QUIT);
                    }
                }
                case DATA -> {
                    return reply.isAccepted() ? text() : dataFailed(reply);
                }
            }
        }
    }

    /** On a kept connection the refusal may be one of a further letter, not of this sender: a new connection will tell. */
    private Ending senderRejected(Reply reply) {
        Outcome outcome = reports.senderRejected(reply);
        return reply.isTemporary() || keptConnection ? declined(outcome, After.QUIT) : decided(outcome, After.QUIT);
    }

    /** The verdict stands whatever comes now; what follows only brings the connection back into step. */
    private Ending noRecipient() {
        boolean inStep = sent == data || isInStepAfterData();
        return decided(reports.givingUp(), inStep ? After.REUSE : After.QUIT);
    }

    private boolean isInStepAfterData() {
        try {
            wire.limit(NEEDLESS_REPLY);
            Reply reply = wire.reply();
            if (reply.isAccepted()) {
                wire.command(".");
                reply = wire.reply();
            }
            return !reply.isShuttingDown();
        } catch (IOException died) {
            return false;
        }
    }

    private Ending dataFailed(Reply reply) {
        Outcome outcome = reports.dataFailed(reply);
        return reply.isShuttingDown() ? declined(outcome, After.QUIT) : decided(outcome, After.REUSE);
    }

    private Ending text() throws IOException {
        textSent = true;
        DotStuffing encoder = new DotStuffing(wire);
        letter.writeTo(encoder);
        if (!encoder.isWhole()) {
            return decided(SmtpReports.partialFinalLine(), After.DROP);
        }
        wire.command(".");
        dotSent = true;
        Reply reply = wire.reply();
        boolean inStep = !reply.isShuttingDown() && (reply.isCompletion() || !reply.isAccepted());
        return decided(reports.afterMessage(reply), inStep ? After.REUSE : After.QUIT);
    }

    private Ending decided(Outcome outcome, After after) {
        return new Ending.Decided(new Report(verdicts, outcome), after);
    }

    private Ending declined(Outcome outcome, After after) {
        return new Ending.Declined(new Report(verdicts, outcome), after);
    }

    /** The reply to the next command, which is sent if it has not been, with as many behind it as may go ahead. */
    private Reply answerToNext() throws IOException {
        if (answered == sent) {
            int ahead = extensions.pipelining() ? MOST_COMMANDS_AHEAD : 1;
            for (int i = 0; i < ahead && sent <= data; i++) {
                wire.command(command(sent));
                sent++;
            }
        }
        Reply reply = wire.reply();
        answered++;
        return reply;
    }

    private Step step(int number) {
        return number == 0 ? Step.RESET : number == 1 ? Step.MAIL : number < data ? Step.RECIPIENT : Step.DATA;
    }

    private String command(int number) throws Letter.Unreadable {
        return switch (step(number)) {
            case RESET -> "RSET";
            case MAIL -> mail();
            case RECIPIENT -> "RCPT TO:<" + path(recipients.get(number - 2)) + ">";
            case DATA -> "DATA";
        };
    }

    private String mail() throws Letter.Unreadable {
        StringBuilder command =
                new StringBuilder(64).append("MAIL FROM:<").append(path(sender)).append('>');
        if (extensions.eightBitMime() && letter.isEightBit()) {
            command.append(" BODY=8BITMIME");
        }
        if (extensions.size() && letter.size().isPresent()) {
            command.append(" SIZE=").append(letter.size().getAsLong());
        }
        return command.toString();
    }

    /** An address in SMTP: quoted where it must be; one without {@code @} as it is. */
    private static String path(String address) {
        return address.indexOf('@') < 0 ? address : MailAddress.quoted(address);
    }
}
