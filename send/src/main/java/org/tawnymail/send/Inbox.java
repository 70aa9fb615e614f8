package org.tawnymail.send;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.Outcome;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.Queue;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.send.schedule.Delivery;
import org.tawnymail.send.schedule.LongQueue;

/**
 * What other threads tell qmail-send's one. Telling never blocks, and wakes the thread only if it sleeps.
 *
 * <p>It holds no more outcomes than there are slots, no more bounces than are under way, the signals, and for each
 * message that was found or has arrived and was not yet looked at eight bytes.
 */
final class Inbox implements Queue.Arrivals {

    /** Something that qmail-send has to know. */
    sealed interface Event {

        /**
         * A delivery has ended.
         *
         * @param outcomes one for each recipient
         * @param defect not empty if its agent broke instead of answering
         */
        record DeliveryEnded(Delivery delivery, List<Outcome> outcomes, String defect) implements Event {}

        /** A delivery has ended, and nobody knows how. */
        record DeliveryMangled(Delivery delivery) implements Event {}

        /** What makes the deliveries of a channel is gone. */
        record AgentLost(Channel channel) implements Event {}

        /** A line for the log. */
        record Remark(String line) implements Event {}

        /** The injection of a bounce message has ended. */
        record BounceEnded(long message, QueueResult result) implements Event {}

        /** ALRM. */
        record Alarm() implements Event {}

        /** HUP. */
        record Hangup() implements Event {}

        /** TERM, with how long to wait for what is under way. */
        record Terminate(Duration patience) implements Event {}
    }

    /** No message has this number. */
    static final long NOTHING = -1;

    private final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();

    /** The messages of the journal; new ones do not wait behind a million of them. */
    private final LongQueue found = new LongQueue();

    private final LongQueue arrivals = new LongQueue();
    private boolean areAllFound;
    private volatile @Nullable Thread sleeper;

    @Override
    public void arrived(long message) {
        synchronized (arrivals) {
            (areAllFound ? arrivals : found).add(message);
        }
        wake();
    }

    /** What arrives from now on is new. */
    void allFound() {
        synchronized (arrivals) {
            areAllFound = true;
        }
    }

    void tell(Event event) {
        events.add(event);
        wake();
    }

    @Nullable
    Event event() {
        return events.poll();
    }

    /** The number of a new message, or {@link #NOTHING}. */
    long arrival() {
        return next(arrivals);
    }

    /** The number of a message that was found in the journal at the start, or {@link #NOTHING}. */
    long found() {
        return next(found);
    }

    private long next(LongQueue numbers) {
        synchronized (arrivals) {
            return numbers.isEmpty() ? NOTHING : numbers.poll();
        }
    }

    boolean isEmpty() {
        synchronized (arrivals) {
            return arrivals.isEmpty() && found.isEmpty() && events.isEmpty();
        }
    }

    /** Sleeps until something comes in or the time is over; only for the one thread that reads here. */
    void sleep(Duration atMost) {
        sleeper = Thread.currentThread();
        if (isEmpty()) {
            LockSupport.parkNanos(this, atMost.toNanos());
        }
        sleeper = null;
    }

    /** Whoever adds before it reads {@code sleeper}, and sleeps only if nothing was added after setting it, misses nothing. */
    private void wake() {
        Thread asleep = sleeper;
        if (asleep != null) {
            LockSupport.unpark(asleep);
        }
    }
}
