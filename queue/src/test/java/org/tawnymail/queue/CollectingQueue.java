package org.tawnymail.queue;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.tawnymail.base.Octets;

/** A queue that keeps what it accepts. */
public final class CollectingQueue implements QueuePort {

    /** A message that was accepted. */
    public record Accepted(int uid, Origin origin, String text, String sender, List<String> recipients) {}

    private final List<Accepted> accepted = new CopyOnWriteArrayList<>();
    private volatile QueueResult answer = new QueueResult.Accepted(4711);

    public List<Accepted> accepted() {
        return List.copyOf(accepted);
    }

    /** What it says from now on. */
    public void answer(QueueResult changed) {
        answer = changed;
    }

    @Override
    public Submission begin(Origin origin) {
        return begin(origin, -1);
    }

    public Submission begin(Origin origin, int uid) {
        return new Submission() {

            private final ByteArrayOutputStream text = new ByteArrayOutputStream();

            @Override
            public OutputStream message() {
                return text;
            }

            @Override
            public QueueResult commit(String sender, Iterable<String> recipients) {
                List<String> all = new ArrayList<>();
                recipients.forEach(all::add);
                if (answer instanceof QueueResult.Accepted) {
                    accepted.add(new Accepted(uid, origin, Octets.text(text.toByteArray()), sender, all));
                }
                return answer;
            }

            @Override
            public void close() {}
        };
    }
}
