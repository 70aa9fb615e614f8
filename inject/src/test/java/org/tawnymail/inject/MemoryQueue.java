package org.tawnymail.inject;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;

/** A queue that keeps one message, or refuses it. */
final class MemoryQueue implements QueuePort {

    private final Optional<QueueResult.Refused> refusal;
    private final OutputStream message;
    final List<String> senders = new ArrayList<>();
    final List<String> recipients = new ArrayList<>();
    Optional<Origin> origin = Optional.empty();
    boolean isClosed;

    MemoryQueue(Optional<QueueResult.Refused> refusal, OutputStream message) {
        this.refusal = refusal;
        this.message = message;
    }

    MemoryQueue() {
        this(Optional.empty(), new ByteArrayOutputStream());
    }

    @Override
    public Submission begin(Origin submitter) {
        origin = Optional.of(submitter);
        return new Submission() {
            @Override
            public OutputStream message() {
                return message;
            }

            @Override
            public QueueResult commit(String sender, Iterable<String> to) {
                if (refusal.isPresent()) {
                    return refusal.get();
                }
                senders.add(sender);
                to.forEach(recipients::add);
                return new QueueResult.Accepted(1);
            }

            @Override
            public void close() {
                isClosed = true;
            }
        };
    }
}
