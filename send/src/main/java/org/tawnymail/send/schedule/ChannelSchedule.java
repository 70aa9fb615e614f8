package org.tawnymail.send.schedule;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.Recipient;
import org.tawnymail.queue.RecipientPage;

/**
 * Who is next on one channel.
 *
 * <p>A message waits in a heap until it is due; then a {@link Pass} goes to its recipients. qmail goes through one message at
 * a time and lets it have every slot; here a free slot goes in turn to a message that has just arrived, to one that is due
 * again, to the next of the letters to many that are under way, and to one that had to wait for its {@linkplain FairShares
 * share}. So a letter to a hundred thousand recipients delays another letter by a delivery or two, not by a hundred thousand.
 *
 * <p>A letter to many does not stop at a recipient who has to wait for long: see {@link Walk}. What all this costs is bounded by
 * {@link ScheduleBounds}; a message that waits costs 16 bytes or less.
 */
final class ChannelSchedule {

    /** What to do next. */
    sealed interface Step {

        /** Read recipients for a walk, and nothing else until they are there. */
        record Read(Walk walk, int limit) implements Step {}

        /** Start a delivery. */
        record Start(Pass pass, List<Recipient> recipients, Slot slot) implements Step {}

        /** A pass is over. */
        record Close(Pass pass) implements Step {}

        /** Nothing can be started now. */
        record Nothing() implements Step {}
    }

    private static final Step NOTHING = new Step.Nothing();

    /** How many kinds of candidates take turns. */
    private static final int KINDS = 5;

    private final Channel channel;
    private final long lifetime;
    private final int together;
    private final ScheduleBounds bounds;
    private final FairShares shares;
    private final LongQueue fresh = new LongQueue();
    private final DueHeap waiting = new DueHeap();
    private final ArrayDeque<Walk> turns = new ArrayDeque<>();

    /** Letters to several that wait until fewer of them are under way. */
    private final Lot letters = new Lot();

    private @Nullable Walk current;
    private boolean currentIsBeyondShare;
    private boolean reading;
    private int held;
    private int kind;
    private int lookedAt;
    private boolean lost;

    /**
     * @param together how many recipients of a message may share a delivery if they have the same key
     */
    ChannelSchedule(Channel channel, int slots, long lifetime, int together, ScheduleBounds bounds) {
        this.channel = channel;
        this.lifetime = lifetime;
        this.together = together;
        this.bounds = bounds;
        this.shares = new FairShares(slots);
    }

    int used() {
        return shares.used();
    }

    /** How many deliveries are under way whose end can be waited for. */
    int underway() {
        return lost ? 0 : shares.used();
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
        if (!shares.hasFree()) {
            return Long.MAX_VALUE;
        }
        return fresh.isEmpty() ? Math.min(waiting.nextDue(), shares.nextNotice()) : Long.MIN_VALUE;
    }

    /** Whether the last turn ended because it had looked at enough. */
    boolean hasMoreToLookAt() {
        return lookedAt >= bounds.lookedAt() && shares.hasFree() && !reading;
    }

    void beginTurn(long now) {
        lookedAt = 0;
        turns.addAll(shares.notice(now));
    }

    /** The next step; to be asked again until the answer is a reading or nothing. */
    Step next(long now) {
        while (shares.hasFree() && !reading) {
            Walk walk = candidate(now);
            if (walk == null) {
                return NOTHING;
            }
            Step step = step(walk, now);
            if (step != null) {
                return step;
            }
        }
        return NOTHING;
    }

    /** The recipients that {@link Step.Read} asked for. The pass may be over if there are none. */
    void page(Walk walk, long birth, String sender, RecipientPage recipients) {
        Pass pass = walk.pass();
        pass.read(birth, sender);
        walk.read(recipients, most(walk), together(pass) > 1);
        held += walk.unstarted();
        reading = false;
        current = walk;
    }

    /** They cannot be read. */
    void unreadable(Walk walk, long tryAgainAt) {
        walk.end();
        walk.pass().unreadable(tryAgainAt);
        reading = false;
    }

    void ended(Delivery delivery, long now) {
        turns.addAll(shares.ended(delivery.slot(), now));
    }

    /** A pass is over. */
    void close(Pass pass) {
        if (pass.leavesWork()) {
            waiting.add(pass.nextTry(), pass.message());
        }
    }

    /** Shows what waits for a time, and with the time now what is new, or was due and has not been finished. */
    void forEachUnfinished(long now, Schedule.Waiting visitor) {
        waiting.forEach(visitor);
        fresh.forEach(message -> visitor.waits(now, message));
        letters.forEach(message -> visitor.waits(now, message));
        turns.forEach(walk -> visitor.waits(now, walk.pass().message()));
        shares.forEachWaiting(message -> visitor.waits(now, message));
        if (current != null) {
            visitor.waits(now, current.pass().message());
        }
    }

    private @Nullable Walk candidate(long now) {
        if (current != null) {
            Walk walk = current;
            current = null;
            return walk;
        }
        currentIsBeyondShare = false;
        if (lookedAt >= bounds.lookedAt()) {
            return null;
        }
        for (int i = 0; i < KINDS; i++) {
            kind = (kind + 1) % KINDS;
            Walk walk = switch (kind) {
                case 0 -> fresh.isEmpty() ? null : opened(fresh.poll(), false);
                case 1 -> waiting.isDue(now) ? opened(waiting.poll(), true) : null;
                case 2 -> turns.size() < bounds.letters() ? opened(letters.take(Lot.Wanted.ALL)) : null;
                case 3 -> turns.poll();
                default -> opened(shares.takeWithinShare());
            };
            if (walk != null) {
                lookedAt++;
                return walk;
            }
        }
        // Nobody within a share is waiting, so those beyond theirs may have what is free.
        currentIsBeyondShare = true;
        Walk walk = opened(shares.takeBeyondShare());
        lookedAt += walk == null ? 0 : 1;
        return walk;
    }

    private @Nullable Walk opened(Lot.@Nullable Waiting taken) {
        return switch (taken) {
            case null -> null;
            case Lot.Waiting.Open(Walk walk) -> walk;
            case Lot.Waiting.Message(long message, boolean isRetry) -> opened(message, isRetry);
        };
    }

    private Walk opened(long message, boolean isRetry) {
        return new Walk(new Pass(channel, message, isRetry));
    }

    /** What a candidate leads to; null if it has to wait. */
    private @Nullable Step step(Walk walk, long now) {
        if (isOneLetterTooMany(walk)) {
            letters.addWhole(walk.pass());
            drop(walk);
            return null;
        }
        while (walk.hasUnstarted()) {
            String key = walk.headKey();
            if (walk.isMain() && walk.pass().isAside(key)) {
                held -= walk.skip();
                continue;
            }
            FairShares.Room room = shares.room(key, walk.pass(), currentIsBeyondShare);
            if (room == FairShares.Room.FREE) {
                return start(walk, key, now);
            }
            if (!setAside(walk, key, room, now)) {
                park(walk, key, room, now);
                return closeIfOver(walk.pass());
            }
        }
        return goOn(walk);
    }

    /** What comes behind the page. */
    private @Nullable Step goOn(Walk walk) {
        if (walk.hasUnread()) {
            if (!walk.pass().isUntouched() && lookedAt >= bounds.lookedAt()) {
                turns.addFirst(walk);
                return null;
            }
            current = walk;
            reading = true;
            lookedAt++;
            return new Step.Read(walk, sifts(walk) ? Math.max(bounds.sifted(), most(walk)) : most(walk));
        }
        walk.pass().walkEnded();
        return closeIfOver(walk.pass());
    }

    private Step start(Walk walk, String key, long now) {
        Pass pass = walk.pass();
        Slot slot = shares.started(key, pass, now);
        pass.begin(now, lifetime);
        pass.started();
        List<Recipient> recipients = walk.take(together(pass));
        held -= recipients.size();
        if (walk.isAtEnd()) {
            pass.walkEnded();
        } else {
            forgetIfTooMany(walk);
            turns.add(walk);
        }
        return new Step.Start(pass, recipients, slot);
    }

    /**
     * Lets a walk go on past a key that has to wait, where that is worth it: where the key is slow, or where all recipients
     * that are left are in memory. A prompt key is free again before long.
     */
    private boolean setAside(Walk walk, String key, FairShares.Room why, long now) {
        boolean isWorthIt = walk.isMain()
                && (walk.hasUnread() ? shares.isSlow(key) : walk.unstarted() > 1)
                && walk.pass().setAside() < bounds.aside();
        if (isWorthIt) {
            Walk aside = walk.setAside();
            parkOrPutOff(aside, key, why, walk.pass().walks() > 2, now);
        }
        return isWorthIt;
    }

    private void park(Walk walk, String key, FairShares.Room why, long now) {
        Pass pass = walk.pass();
        if (pass.isUntouched() && !isForSeveral(walk)) {
            shares.parkWhole(key, pass, why);
            drop(walk);
        } else {
            parkOrPutOff(walk, key, why, pass.walks() > 1, now);
        }
    }

    /**
     * Where very many wait, the next pass comes before their turn would. It begins when this one is over; so who waits with
     * others of the same message may be one of twice as many.
     */
    private void parkOrPutOff(Walk walk, String key, FairShares.Room why, boolean isWithOthers, long now) {
        int most = isWithOthers ? 2 * bounds.letters() : bounds.letters();
        if (shares.waitingWalks(key) < most) {
            forgetIfTooMany(walk);
            shares.park(key, walk, why);
        } else {
            walk.pass().begin(now, lifetime);
            walk.pass().putOff();
            drop(walk);
        }
    }

    private @Nullable Step closeIfOver(Pass pass) {
        return pass.isOver() ? new Step.Close(pass) : null;
    }

    private boolean isOneLetterTooMany(Walk walk) {
        return turns.size() >= bounds.letters()
                && walk.pass().isUntouched()
                && walk.hasUnstarted()
                && isForSeveral(walk);
    }

    private static boolean isForSeveral(Walk walk) {
        return walk.unstarted() > 1 || walk.hasUnread();
    }

    private void drop(Walk walk) {
        held -= walk.unstarted();
        walk.end();
    }

    private void forgetIfTooMany(Walk walk) {
        if (held > bounds.held()) {
            held -= walk.forgetPage();
        }
    }

    private int together(Pass pass) {
        return pass.mayShare() ? together : 1;
    }

    /** Whether most of what a walk reads may not be for it. */
    private static boolean sifts(Walk walk) {
        return !walk.isMain() || walk.pass().hasSetAside();
    }

    /** How many recipients a walk may hold. */
    private int most(Walk walk) {
        if (held >= bounds.held()) {
            return 1;
        }
        boolean mayBeWide = together(walk.pass()) > 1 && held + bounds.wide() <= bounds.held();
        return mayBeWide ? bounds.wide() : bounds.page();
    }
}
