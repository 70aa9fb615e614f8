package org.tawnymail.send;

import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.Recipient;
import org.tawnymail.queue.RecipientPage;

/**
 * Who is next on one channel.
 *
 * <p>A message waits in a heap until it is due; then a {@link Pass} walks through its recipients. qmail walks through one
 * message at a time and lets it have every slot; here a free slot goes in turn to a message that has just become due, to
 * the next of the passes that are under way, and to one that waited for its {@linkplain FairShares share}. So a letter to
 * a hundred thousand recipients delays another letter by a delivery or two, not by a hundred thousand.
 *
 * <p>The cost is bounded: {@value #PAGE} recipients of a pass are in memory, and one if more than {@value #MOST_PAGES}
 * passes are open; at most {@value #MOST_PASSES} passes are open; at most {@value #LOOKED_AT_PER_TURN} that have to wait
 * are looked at in one turn. A message that waits costs 16 bytes.
 */
final class ChannelSchedule {

    /** What to do next. */
    sealed interface Step {

        /** Read recipients of a pass, and nothing else until they are there. */
        record Read(Pass pass, int limit) implements Step {}

        /** Start a delivery. */
        record Start(Pass pass, Recipient recipient, String share) implements Step {}

        /** Nothing can be started now. */
        record Nothing() implements Step {}
    }

    static final int PAGE = 32;
    static final int MOST_PAGES = 256;
    static final int MOST_PASSES = 10_000;
    static final int LOOKED_AT_PER_TURN = 64;

    private static final Step NOTHING = new Step.Nothing();

    /** How many kinds of candidates take turns: new, due again, under way, with room in their share again. */
    private static final int KINDS = 4;

    private final Channel channel;
    private final int slots;
    private final long lifetime;
    private final FairShares shares;
    private final LongQueue fresh = new LongQueue();
    private final DueHeap waiting = new DueHeap();
    private final ArrayDeque<Pass> turns = new ArrayDeque<>();

    private @Nullable Pass current;
    private boolean currentIsBeyondShare;
    private boolean reading;
    private int used;
    private int open;
    private int kind;
    private int lookedAt;
    private boolean lost;

    ChannelSchedule(Channel channel, int slots, long lifetime) {
        this.channel = channel;
        this.slots = slots;
        this.lifetime = lifetime;
        this.shares = new FairShares(channel, slots);
    }

    int used() {
        return used;
    }

    /** How many deliveries are under way whose end can be waited for. */
    int underway() {
        return lost ? 0 : used;
    }

    /** The deliveries under way will never end. */
    void lost() {
        lost = true;
    }

    /** A message that was never tried. */
    void addNew(long message) {
        fresh.add(message);
    }

    void add(long due, long message) {
        waiting.add(due, message);
    }

    void makeAllDue(long now) {
        waiting.makeAllDue(now);
    }

    /** When there is something to do without a further event; never, if there is not. */
    long nextDue() {
        if (used >= slots || open >= MOST_PASSES) {
            return Long.MAX_VALUE;
        }
        return fresh.isEmpty() ? waiting.nextDue() : Long.MIN_VALUE;
    }

    /** Whether the last turn ended because it had looked at enough. */
    boolean hasMoreToLookAt() {
        return lookedAt >= LOOKED_AT_PER_TURN && used < slots && !reading;
    }

    void beginTurn() {
        lookedAt = 0;
    }

    /** The next step; to be asked again until the answer is a reading or nothing. */
    Step next(long now) {
        while (used < slots && !reading) {
            Pass pass = candidate(now);
            if (pass == null) {
                return NOTHING;
            }
            if (!pass.hasUnstarted()) {
                current = pass;
                reading = true;
                return new Step.Read(pass, open <= MOST_PAGES ? PAGE : 1);
            }
            int place = currentIsBeyondShare ? 0 : placeWithRoom(pass);
            if (place >= 0) {
                return start(pass, place, now);
            }
            park(pass);
        }
        return NOTHING;
    }

    /** The recipients that {@link Step.Read} asked for. The pass may be over if there are none. */
    void page(Pass pass, long birth, String sender, RecipientPage recipients) {
        pass.read(birth, sender, recipients);
        afterReading(pass);
    }

    /** They cannot be read. */
    void unreadable(Pass pass, long tryAgainAt) {
        pass.unreadable(tryAgainAt);
        afterReading(pass);
    }

    void ended(Delivery delivery) {
        used--;
        shares.ended(delivery.share());
    }

    /** A pass is over. */
    void close(Pass pass) {
        open--;
        if (pass.leavesWork()) {
            waiting.add(pass.nextTry(), pass.message());
        }
    }

    /** Shows what waits for a time, and with the time now what is new, or was due and has not been finished. */
    void forEachUnfinished(long now, DueHeap.Visitor visitor) {
        waiting.forEach(visitor);
        fresh.forEach(message -> visitor.waits(now, message));
        turns.forEach(pass -> visitor.waits(now, pass.message()));
        shares.forEachWaiting(message -> visitor.waits(now, message));
        if (current != null) {
            visitor.waits(now, current.message());
        }
    }

    private @Nullable Pass candidate(long now) {
        if (current != null) {
            Pass pass = current;
            current = null;
            return pass;
        }
        currentIsBeyondShare = false;
        if (lookedAt >= LOOKED_AT_PER_TURN) {
            return null;
        }
        for (int i = 0; i < KINDS; i++) {
            kind = (kind + 1) % KINDS;
            Pass pass = switch (kind) {
                case 0 -> firstNew();
                case 1 -> firstDue(now);
                case 2 -> turns.poll();
                default -> opened(shares.takeWithinShare());
            };
            if (pass != null) {
                return pass;
            }
        }
        // Nobody within a share is waiting, so those beyond theirs may have what is free.
        if (slots - used <= shares.reserve()) {
            return null;
        }
        currentIsBeyondShare = true;
        return opened(shares.takeBeyondShare());
    }

    private @Nullable Pass firstNew() {
        return open < MOST_PASSES && !fresh.isEmpty() ? opened(fresh.poll()) : null;
    }

    private @Nullable Pass firstDue(long now) {
        return open < MOST_PASSES && waiting.isDue(now) ? opened(waiting.poll()) : null;
    }

    private @Nullable Pass opened(Optional<FairShares.Waiting> taken) {
        if (taken.isEmpty()) {
            return null;
        }
        Pass pass = taken.get().pass();
        return pass != null ? pass : opened(taken.get().message());
    }

    private Pass opened(long message) {
        open++;
        return new Pass(channel, message);
    }

    private int placeWithRoom(Pass pass) {
        for (int place = 0; place < pass.unstarted(); place++) {
            if (shares.hasRoom(shares.keyOf(pass.unstarted(place).address()))) {
                return place;
            }
        }
        return -1;
    }

    private Step start(Pass pass, int place, long now) {
        Recipient recipient = pass.start(place, now, lifetime);
        String share = shares.keyOf(recipient.address());
        shares.started(share);
        used++;
        if (pass.hasUnstarted() || pass.hasUnread()) {
            turns.add(pass);
        }
        return new Step.Start(pass, recipient, share);
    }

    private void park(Pass pass) {
        lookedAt++;
        if (!shares.park(shares.keyOf(pass.unstarted(0).address()), pass)) {
            open--;
        }
    }

    private void afterReading(Pass pass) {
        reading = false;
        current = pass.hasUnstarted() || pass.hasUnread() ? pass : null;
    }
}
