package org.tawnymail.send.schedule;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for one thing. New messages, messages that are tried again, and passes that have begun take turns, so that a
 * new message never waits behind a hundred thousand retries or a letter to a hundred thousand. A message whose pass has not
 * begun costs eight bytes.
 */
final class Lot {

    /** What waits. */
    sealed interface Waiting {

        /** A message whose pass has not begun. */
        record Message(long number, boolean isRetry) implements Waiting {}

        /** A walk of a pass that is open. */
        record Open(Walk walk) implements Waiting {}
    }

    /** What may be taken out. */
    record Wanted(boolean fresh, boolean retries, boolean walks) {

        static final Wanted ALL = new Wanted(true, true, true);
        static final Wanted ALL_BUT_RETRIES = new Wanted(true, false, true);
    }

    private static final int KINDS = 3;

    private final LongQueue fresh = new LongQueue();
    private final LongQueue retries = new LongQueue();
    private final ArrayDeque<Walk> walks = new ArrayDeque<>(2);
    private int kind;

    boolean isEmpty() {
        return fresh.isEmpty() && retries.isEmpty() && walks.isEmpty();
    }

    /** How many walks wait here. */
    int walks() {
        return walks.size();
    }

    /** Takes in a walk. */
    void add(Walk walk) {
        walks.add(walk);
    }

    /** Takes in a pass that has not begun, of which only the number of its message is kept. */
    void addWhole(Pass pass) {
        (pass.isRetry() ? retries : fresh).add(pass.message());
    }

    /**
     * The next one, by turns.
     *
     * @param wanted which of them may be taken
     */
    @Nullable
    Waiting take(Wanted wanted) {
        for (int i = 0; i < KINDS; i++) {
            kind = (kind + 1) % KINDS;
            Waiting next = switch (kind) {
                case 0 -> wanted.fresh && !fresh.isEmpty() ? new Waiting.Message(fresh.poll(), false) : null;
                case 1 -> wanted.retries && !retries.isEmpty() ? new Waiting.Message(retries.poll(), true) : null;
                default -> wanted.walks && !walks.isEmpty() ? new Waiting.Open(walks.remove()) : null;
            };
            if (next != null) {
                return next;
            }
        }
        return null;
    }

    /** Takes out the walks that go to others too. */
    List<Walk> takeMainWalks() {
        List<Walk> taken = new ArrayList<>();
        for (Iterator<Walk> all = walks.iterator(); all.hasNext(); ) {
            Walk walk = all.next();
            if (walk.isMain()) {
                all.remove();
                taken.add(walk);
            }
        }
        return taken;
    }

    /** Shows the numbers of the messages. */
    void forEach(LongConsumer visitor) {
        fresh.forEach(visitor);
        retries.forEach(visitor);
        walks.forEach(walk -> visitor.accept(walk.pass().message()));
    }
}
