package org.tawnymail.receive;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;

/** A queue that keeps everything where a test can read it. */
final class QueueOnPaper implements QueuePort {

    record Queued(String sender, List<String> recipients, String message) {}

    final List<Queued> queued = new ArrayList<>();
    final List<Origin> origins = new ArrayList<>();
    int abandoned;
    QueueResult answer = new QueueResult.Accepted(8123);

    @Override
    public Submission begin(Origin origin) {
        origins.add(origin);
        return new Submission() {
            private final ByteArrayOutputStream message = new ByteArrayOutputStream();
            private boolean committed;

            @Override
            public OutputStream message() {
                return message;
            }

            @Override
            public QueueResult commit(String sender, Iterable<String> recipients) {
                committed = true;
                List<String> copy = new ArrayList<>();
                recipients.forEach(copy::add);
                if (answer instanceof QueueResult.Accepted) {
                    queued.add(new Queued(sender, copy, Octets.text(message.toByteArray())));
                }
                return answer;
            }

            @Override
            public void close() {
                if (!committed) {
                    abandoned++;
                }
            }
        };
    }
}
