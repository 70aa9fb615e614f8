package org.tawnymail.send.schedule;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Those on one channel who wait for their share, by what they wait for: a key, or that fewer strangers are under way. Who has
 * waited for something is taken in turns: the kinds of keys, the keys of a kind, and the kinds in a {@link Lot}.
 *
 * <p>To take one costs a look at every key that has all of its share: there are never more of them than slots.
 */
final class WaitingRoom {

    /** What there is room for. */
    interface Doors {

        /** Whether another delivery of a key may be started, as far as that key goes. */
        boolean isOpen(Share share);

        /** Whether one to a slow or unknown key may be. */
        boolean isOpenToAny();

        /** Whether the first one of a message to an unknown key may be. */
        boolean isOpenToFirst();

        /** Whether one to a slow key may be. */
        boolean isOpenToSlow();

        /** Nobody waits for a key any more. */
        void forget(Share share);
    }

    private static final int GROUPS = 5;

    private final Set<Share> prompt = new LinkedHashSet<>();
    private final Set<Share> unknown = new LinkedHashSet<>();
    private final Set<Share> slow = new LinkedHashSet<>();
    private final Lot strangers = new Lot();
    private final Lot strangersAgain = new Lot();
    private int walks;
    private int walksForSlow;
    private int turn;

    boolean isEmpty() {
        return prompt.isEmpty()
                && unknown.isEmpty()
                && slow.isEmpty()
                && strangers.isEmpty()
                && strangersAgain.isEmpty();
    }

    /** How many walks wait for slow keys, or for anything else. */
    int walks(boolean isForSlow) {
        return isForSlow ? walksForSlow : walks - walksForSlow;
    }

    /** The place to wait for a key. */
    Lot at(Share share) {
        Lot lot = share.lot;
        if (lot == null) {
            lot = new Lot();
            share.lot = lot;
            crowd(share.speed).add(share);
        }
        return lot;
    }

    /** The place to wait until fewer strangers are under way. */
    Lot amongStrangers(boolean isRetry) {
        return isRetry ? strangersAgain : strangers;
    }

    void add(Walk walk, Share share) {
        at(share).add(walk);
        walks++;
        walksForSlow += share.speed == Speed.SLOW ? 1 : 0;
    }

    void addAmongStrangers(Walk walk) {
        amongStrangers(walk.pass().isRetry()).add(walk);
        walks++;
    }

    /** Takes one that waits and can be started; null if there is none. */
    Lot.@Nullable Waiting take(Doors doors) {
        boolean any = doors.isOpenToAny();
        boolean again = any && doors.isOpenToSlow();
        for (int i = 0; i < GROUPS; i++) {
            turn = (turn + 1) % GROUPS;
            Lot.Waiting next = switch (turn) {
                case 0 -> takeFrom(prompt, Lot.Wanted.ALL, doors);
                case 1 -> any ? takeFrom(unknown, new Lot.Wanted(true, again, true), doors) : null;
                case 2 -> again ? takeFrom(slow, Lot.Wanted.ALL, doors) : null;
                case 3 -> takeFrom(strangers, new Lot.Wanted(doors.isOpenToFirst(), false, any));
                default -> again ? takeFrom(strangersAgain, Lot.Wanted.ALL) : null;
            };
            if (next != null) {
                return next;
            }
        }
        return null;
    }

    /**
     * Changes what is known of a key.
     *
     * @return walks that need not wait any more for one that has become slow, because they can go to others
     */
    List<Walk> change(Share share, Speed speed) {
        Speed was = share.speed;
        boolean isCrowded = crowd(was).remove(share);
        share.speed = speed;
        Lot lot = share.lot;
        if (!isCrowded || lot == null) {
            return List.of();
        }
        walksForSlow -= was == Speed.SLOW ? lot.walks() : 0;
        List<Walk> released = speed == Speed.SLOW ? lot.takeMainWalks() : List.of();
        walks -= released.size();
        walksForSlow += speed == Speed.SLOW ? lot.walks() : 0;
        if (lot.isEmpty()) {
            share.lot = null;
        } else {
            crowd(speed).add(share);
        }
        return released;
    }

    /** Shows the numbers of all messages that wait. */
    void forEach(LongConsumer visitor) {
        for (Speed speed : Speed.values()) {
            for (Share share : crowd(speed)) {
                at(share).forEach(visitor);
            }
        }
        strangers.forEach(visitor);
        strangersAgain.forEach(visitor);
    }

    private Lot.@Nullable Waiting takeFrom(Set<Share> crowd, Lot.Wanted wanted, Doors doors) {
        for (Iterator<Share> all = crowd.iterator(); all.hasNext(); ) {
            Share share = all.next();
            Lot.Waiting next = doors.isOpen(share) ? takeFrom(at(share), wanted) : null;
            if (next != null) {
                walksForSlow -= share.speed == Speed.SLOW && next instanceof Lot.Waiting.Open ? 1 : 0;
                all.remove();
                if (at(share).isEmpty()) {
                    share.lot = null;
                    doors.forget(share);
                } else {
                    crowd.add(share);
                }
                return next;
            }
        }
        return null;
    }

    private Lot.@Nullable Waiting takeFrom(Lot lot, Lot.Wanted wanted) {
        Lot.Waiting next = lot.take(wanted);
        if (next instanceof Lot.Waiting.Open) {
            walks--;
        }
        return next;
    }

    private Set<Share> crowd(Speed speed) {
        return switch (speed) {
            case PROMPT -> prompt;
            case UNKNOWN -> unknown;
            case SLOW -> slow;
        };
    }
}
