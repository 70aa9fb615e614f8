package org.tawnymail.receive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import org.tawnymail.base.netstring.Netstring;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.queue.QueueClient;
import org.tawnymail.queue.QueuePort;

/**
 * The packages of one QMTP session, one after the other (core spec, section 9.2):
 *
 * <pre>
 *   package    = netstring(mode message) netstring(sender) netstring(recipients)
 *   mode       = LF: lines end in LF; CR: lines end in CR LF
 *   recipients = *netstring(recipient)
 * </pre>
 *
 * <p>Each recipient gets an answer of its own, in order, when the whole package has come.
 */
final class QmtpPackages {

    private static final String BAD_SENDER = "Dunacceptable sender (#5.1.7)";
    private static final String TOO_LARGE = "Dsorry, that message size exceeds my databytes limit (#5.3.4)";
    private static final String NOT_HERE = "Dsorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)";
    private static final String UNUSABLE = "Dsorry, I can't handle that recipient (#5.1.3)";

    /** Of one package: an octet of memory each. */
    private static final int MOST_RECIPIENTS = 1_000_000;

    private static final int ACCEPTABLE = 0;
    private static final int OUTSIDE = 1;
    private static final int IMPOSSIBLE = 2;

    private final NetstringPeer peer;
    private final Call call;
    private final RecipientDomains.Allowed domains;
    private final OptionalLong sizeLimit;
    private final QueueClient queue;
    private final InstantSource clock;
    private final ReceivedField received;
    private final Optional<String> relayClient;

    QmtpPackages(
            NetstringPeer peer,
            Call call,
            RecipientDomains.Allowed domains,
            OptionalLong sizeLimit,
            QueueClient queue,
            InstantSource clock) {
        this.peer = peer;
        this.call = call;
        this.domains = domains;
        this.sizeLimit = sizeLimit;
        this.queue = queue;
        this.clock = clock;
        this.received = ReceivedField.of(call.environment());
        this.relayClient = call.environment().get("RELAYCLIENT");
    }

    /** Takes packages until the client goes, which is an {@link java.io.EOFException}. */
    void serve() throws IOException {
        while (true) {
            takePackage();
        }
    }

    private void takePackage() throws IOException {
        long length = peer.length();
        if (length == 0) {
            throw new Netstring.Malformed("without the octet that tells the line ends");
        }
        int mode = peer.octet();
        if (mode != '\n' && mode != '\r') {
            throw new Netstring.Malformed("that does not tell its line ends");
        }
        byte[] field = received.octets("QMTP", Optional.empty(), clock.instant());
        try (IncomingMessage message =
                IncomingMessage.of(queue.begin(call, QueuePort.Origin.NETWORK), field, sizeLimit)) {
            takeText(message, mode == '\r', length - 1);
            peer.end();
            Optional<String> sender = peer.address(NetstringPeer.LONGEST_ADDRESS);
            peer.enter(peer.length());
            ByteArrayOutputStream verdicts = new ByteArrayOutputStream();
            StreamedRecipients recipients = new StreamedRecipients(() -> nextAcceptable(verdicts));
            String answer = submit(message, sender, recipients);
            recipients.skip();
            answer(answer, verdicts.toByteArray());
        }
    }

    private void takeText(IncomingMessage message, boolean crLf, long length) throws IOException {
        if (crLf) {
            CrLfDecoder decoder = new CrLfDecoder(message);
            peer.text(length, decoder);
            decoder.end();
        } else {
            peer.text(length, message);
        }
    }

    /** The answer for those recipients that are acceptable. */
    private String submit(IncomingMessage message, Optional<String> sender, StreamedRecipients recipients)
            throws IOException {
        if (sender.isEmpty()) {
            return BAD_SENDER;
        }
        if (message.isTooLarge()) {
            return TOO_LARGE;
        }
        return recipients.hasMore()
                ? NetstringPeer.answer(recipients.commit(message, sender.get()), clock.instant())
                : "";
    }

    /** Passes over recipients that are not acceptable. The end of them all is the end of the package, and is checked here. */
    private Optional<String> nextAcceptable(ByteArrayOutputStream verdicts) throws IOException {
        while (!peer.isThrough()) {
            if (verdicts.size() == MOST_RECIPIENTS) {
                throw new Netstring.TooLong(MOST_RECIPIENTS);
            }
            Optional<String> recipient = peer.address(
                    NetstringPeer.LONGEST_ADDRESS - relayClient.orElse("").length());
            int verdict = recipient.isEmpty() ? IMPOSSIBLE : isAllowed(recipient.get()) ? ACCEPTABLE : OUTSIDE;
            verdicts.write(verdict);
            if (verdict == ACCEPTABLE) {
                return recipient.map(address -> address + relayClient.orElse(""));
            }
        }
        peer.leave();
        return Optional.empty();
    }

    private boolean isAllowed(String recipient) throws Complaint {
        try {
            return relayClient.isPresent() || domains.covers(recipient);
        } catch (UnusableControls unusable) {
            throw new Complaint(ExitCode.TEMPORARY, "qmail-qmtpd: fatal: " + unusable.why());
        }
    }

    private void answer(String forAcceptable, byte[] verdicts) throws IOException {
        for (byte verdict : verdicts) {
            peer.answer(
                    switch (verdict) {
                        case OUTSIDE -> NOT_HERE;
                        case IMPOSSIBLE -> UNUSABLE;
                        default -> forAcceptable;
                    });
        }
    }
}
