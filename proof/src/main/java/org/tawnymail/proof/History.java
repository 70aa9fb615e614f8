package org.tawnymail.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * What was promised and what left this host in a scenario, each with the number of changes of the disk there had been by
 * then. Safe for use by many threads.
 */
final class History {

    /** Something that happened. */
    sealed interface Event {
        /** How many changes of the disk there had been. */
        int change();
    }

    /**
     * The sender was told that the message is accepted.
     *
     * @param qp the number that the queue gave it; 0 if it is not the queue that accepted it
     */
    record Accepted(int change, int letter, long qp) implements Event {}

    /** Another host took a letter for a recipient, or a bounce that names some. */
    record HandedOver(int change, int letter, boolean isBounce, List<String> recipients) implements Event {}

    /** The process was killed. */
    record Killed(int change) implements Event {}

    private final IntSupplier clock;
    private final List<Letter> letters = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();

    /** @param clock how many changes of the disk there have been */
    History(IntSupplier clock) {
        this.clock = clock;
    }

    /** A letter is about to be submitted. */
    synchronized void offer(Letter letter) {
        letters.add(letter);
    }

    void accept(Letter letter, long qp) {
        add(new Accepted(clock.getAsInt(), letter.number(), qp));
    }

    void handOver(Reading reading) {
        add(new HandedOver(clock.getAsInt(), reading.letter().number(), reading.isBounce(), reading.recipients()));
    }

    void killed() {
        add(new Killed(clock.getAsInt()));
    }

    private synchronized void add(Event event) {
        events.add(event);
    }

    /** All that were offered, accepted or not. */
    synchronized List<Letter> letters() {
        return List.copyOf(letters);
    }

    synchronized List<Event> events() {
        return List.copyOf(events);
    }
}
