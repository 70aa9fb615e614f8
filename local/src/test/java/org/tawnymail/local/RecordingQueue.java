package org.tawnymail.local;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;

/** A queue that remembers what was submitted, and answers as it is told. */
public final class RecordingQueue implements QueuePort {

    /** One accepted submission. */
    public record Submitted(Origin origin, String message, String sender, List<String> recipients) {}

    private final List<Submitted> submissions = new ArrayList<>();
    private QueueResult answer = new QueueResult.Accepted(830);

    public List<Submitted> submissions() {
        return submissions;
    }

    public void answer(QueueResult changed) {
        answer = changed;
    }

    @Override
    public Submission begin(Origin origin) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        return new Submission() {
            @Override
            public OutputStream message() {
                return message;
            }

            @Override
            public QueueResult commit(String sender, Iterable<String> recipients) {
                List<String> all = new ArrayList<>();
                recipients.forEach(all::add);
                if (answer instanceof QueueResult.Accepted) {
                    submissions.add(new Submitted(origin, Octets.text(message.toByteArray()), sender, all));
                }
                return answer;
            }

            @Override
            public void close() {}
        };
    }
}
