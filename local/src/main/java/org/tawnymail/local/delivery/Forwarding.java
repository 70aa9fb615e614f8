package org.tawnymail.local.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.local.mailbox.MessageBytes;
import org.tawnymail.queue.QueueClient;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;

/** Puts a message back into the queue for all addresses that a {@code .qmail} file forwards to (core spec, 6.6). */
final class Forwarding {

    private static final String TROUBLE = "Unable to forward message: ";

    /** Whose forwards the queue's {@code Received} line calls {@code by alias} (core spec, section 2.4). */
    private static final String ALIAS = "alias";

    private static final int BUFFER = 8 * 1024;

    private final QueueClient queue;
    private final Surroundings surroundings;

    Forwarding(QueueClient queue, Surroundings surroundings) {
        this.queue = queue;
        this.surroundings = surroundings;
    }

    /**
     * Forwards.
     *
     * @return the number that the report calls {@code qp}
     */
    long forward(
            Delivery delivery, Environment environment, String sender, List<String> addresses, MessageBytes message)
            throws Complaint {
        Origin origin = delivery.user().equals(ALIAS) ? Origin.ALIAS : Origin.USER;
        // A program in the place of qmail-queue speaks into the report, as all programs of a delivery do.
        Descriptors descriptors = Descriptors.none().with(2, surroundings.err());
        try (Submission submission = queue.begin(environment, descriptors, origin, surroundings.user())) {
            OutputStream out = submission.message();
            try {
                out.write(Octets.of(delivery.deliveredTo()));
                copy(message, out);
                out.close();
            } catch (IOException unreadable) {
                throw new Complaint(ExitCode.TEMPORARY, TROUBLE + "qq read error (#4.3.0).");
            }
            return switch (submission.commit(sender, addresses)) {
                case QueueResult.Accepted(long qp) -> qp;
                case QueueResult.Refused(boolean permanent, String text) ->
                    throw new Complaint(permanent ? ExitCode.PERMANENT : ExitCode.TEMPORARY, TROUBLE + text + ".");
            };
        }
    }

    private static void copy(MessageBytes message, OutputStream out) throws IOException {
        InputStream in = message.read();
        byte[] buffer = new byte[BUFFER];
        int read = in.read(buffer);
        while (read >= 0) {
            out.write(buffer, 0, read);
            read = in.read(buffer);
        }
    }
}
