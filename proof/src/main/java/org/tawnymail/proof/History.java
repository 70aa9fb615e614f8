package org.tawnymail.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * What was promised and what left this host in a scenario, each with the number of changes of the disk there had been by
 * then. Safe for use by many threads.
 */
final class History {

    /** The sender was told that the message is accepted. */
    record Accepted(int change, Letter letter) {}

    /** Another host took the message for a recipient. */
    record HandedOver(int change, int letter, String recipient) {}

    private final IntSupplier clock;
    private final List<Letter> offered = new ArrayList<>();
    private final List<Accepted> accepted = new ArrayList<>();
    private final List<HandedOver> handedOver = new ArrayList<>();

    /** @param clock how many changes of the disk there have been */
    History(IntSupplier clock) {
        this.clock = clock;
    }

    synchronized void offer(Letter letter) {
        offered.add(letter);
    }

    synchronized void accept(Letter letter) {
        accepted.add(new Accepted(clock.getAsInt(), letter));
    }

    synchronized void handOver(int letter, String recipient) {
        handedOver.add(new HandedOver(clock.getAsInt(), letter, recipient));
    }

    synchronized List<Letter> offered() {
        return List.copyOf(offered);
    }

    synchronized List<Accepted> accepted() {
        return List.copyOf(accepted);
    }

    synchronized List<HandedOver> handedOver() {
        return List.copyOf(handedOver);
    }

    /** The same with every promise made so many changes earlier than it was: a mistake to be found. */
    synchronized History earlier(java.util.function.IntUnaryOperator change) {
        History early = new History(clock);
        early.offered.addAll(offered);
        early.handedOver.addAll(handedOver);
        accepted.forEach(
                promise -> early.accepted.add(new Accepted(change.applyAsInt(promise.change()), promise.letter())));
        return early;
    }
}
