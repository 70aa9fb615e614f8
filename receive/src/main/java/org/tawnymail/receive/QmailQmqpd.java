package org.tawnymail.receive;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Program;
import org.tawnymail.queue.QueueClient;
import org.tawnymail.queue.QueuePort;

/**
 * {@code qmail-qmqpd}: receives one message by QMQP on descriptors 0 and 1, for anybody and without limits (core spec, section
 * 9.3). Who may connect is decided by the server that runs it.
 *
 * <pre>
 *   request = netstring( netstring(message) netstring(sender) *netstring(recipient) )
 * </pre>
 */
public final class QmailQmqpd implements Program {

    /** Of the length of the request, its colon included. */
    private static final int LONGEST_LENGTH_FIELD = 100;

    private static final String UNUSABLE = "Dsorry, I can't accept addresses like that (#5.1.3)";

    private final QueueClient queue;
    private final InstantSource clock;

    /**
     * @param queue where mail goes
     * @param clock for the {@code Received} field and the number in the answer
     */
    public QmailQmqpd(QueueClient queue, InstantSource clock) {
        this.queue = queue;
        this.clock = clock;
    }

    /** One of the addresses cannot be used: the whole request is refused. */
    private static final class UnusableAddress extends IOException {
        private UnusableAddress() {
            super("too long, or with a NUL");
        }
    }

    @Override
    public int run(Call call) throws IOException {
        NetstringPeer peer = new NetstringPeer(call.stdin(), call.stdout());
        return NetstringSession.run(peer, () -> peer.answer(takeRequest(peer, call)));
    }

    private String takeRequest(NetstringPeer peer, Call call) throws IOException {
        peer.enter(LONGEST_LENGTH_FIELD);
        peer.enter(peer.outerLength());
        byte[] field = ReceivedField.of(call.environment()).octets("QMQP", Optional.empty(), clock.instant());
        try (IncomingMessage message =
                IncomingMessage.of(queue.begin(call, QueuePort.Origin.NETWORK), field, OptionalLong.empty())) {
            peer.text(peer.length(), message);
            peer.end();
            Optional<String> sender = peer.address(NetstringPeer.LONGEST_ADDRESS);
            StreamedRecipients recipients = new StreamedRecipients(() -> nextRecipient(peer));
            try {
                String answer = sender.isEmpty()
                        ? UNUSABLE
                        : NetstringPeer.answer(recipients.commit(message, sender.get()), clock.instant());
                recipients.skip();
                return answer;
            } catch (UnusableAddress unusable) {
                skipRest(peer);
                return UNUSABLE;
            }
        }
    }

    /** The end of the recipients is the end of the request, and is checked here. */
    private static Optional<String> nextRecipient(NetstringPeer peer) throws IOException {
        if (peer.isThrough()) {
            peer.leave();
            return Optional.empty();
        }
        Optional<String> recipient = peer.address(NetstringPeer.LONGEST_ADDRESS);
        if (recipient.isEmpty()) {
            throw new UnusableAddress();
        }
        return recipient;
    }

    /** Only a request that is whole gets an answer. */
    private static void skipRest(NetstringPeer peer) throws IOException {
        while (!peer.isThrough()) {
            peer.address(NetstringPeer.LONGEST_ADDRESS);
        }
        peer.leave();
    }
}
