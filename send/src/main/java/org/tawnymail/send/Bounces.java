package org.tawnymail.send;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.program.Environment;
import org.tawnymail.queue.QueueClient;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;
import org.tawnymail.send.schedule.LongQueue;

/**
 * Injects bounce messages, each on a virtual thread of its own: the copy of the original may be large and the disk slow,
 * and neither may hold up deliveries. At most {@value #MOST_AT_A_TIME} at a time; the rest wait as numbers.
 */
final class Bounces {

    static final int MOST_AT_A_TIME = 10;

    private final QueueClient client;
    private final Environment environment;
    private final Inbox inbox;
    private final LongQueue waiting = new LongQueue();
    private int underway;

    Bounces(QueueClient client, Environment environment, Inbox inbox) {
        this.client = client;
        this.environment = environment;
        this.inbox = inbox;
    }

    boolean hasRoom() {
        return underway < MOST_AT_A_TIME;
    }

    int underway() {
        return underway;
    }

    /** Puts a message aside that has to be bounced when there is room. */
    void add(long message) {
        waiting.add(message);
    }

    /** One of those put aside, or {@link Inbox#NOTHING}. */
    long next() {
        return waiting.isEmpty() ? Inbox.NOTHING : waiting.poll();
    }

    void inject(long message, BounceMessage bounce, MessageSource failures, MessageSource original, Instant now) {
        underway++;
        Thread.startVirtualThread(() -> {
            QueueResult result;
            try {
                result = submit(bounce, failures, original, now);
            } catch (IOException | RuntimeException trouble) {
                result = new QueueResult.Refused(false, String.valueOf(trouble.getMessage()));
            } catch (Error broken) {
                result = new QueueResult.Refused(false, broken.toString());
            }
            inbox.tell(new Inbox.Event.BounceEnded(message, result));
        });
    }

    void ended() {
        underway--;
    }

    private QueueResult submit(BounceMessage bounce, MessageSource failures, MessageSource original, Instant now)
            throws IOException {
        try (Submission submission = client.begin(environment, QueuePort.Origin.BOUNCE)) {
            bounce.write(submission.message(), now, failures, original);
            return submission.commit(bounce.sender(), List.of(bounce.recipient()));
        }
    }
}
