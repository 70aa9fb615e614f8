package org.tawnymail.send.schedule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.Channel;

/**
 * Sees to it that nobody who is slow, and no letter to many, occupies a whole channel.
 *
 * <p>Deliveries that may wait for the same thing have the same key: the domain on the remote channel, the address on the
 * local one. A slot that is given away cannot be taken back before its delivery ends, which may be in twenty minutes. So
 * slots are given by what is known of a key ({@link Speeds}):
 *
 * <ul>
 *   <li>While others wait, a key has at most a quarter of the slots. One of which nothing is known has a single one, and an
 *       eighth if nobody waits.
 *   <li>While others wait, all slow keys together have at most half of them. A message that was deferred before, to a key of
 *       which nothing is known, counts as slow.
 *   <li>Slow and unknown keys together never have more than three quarters, and unknown ones an eighth more for the first
 *       delivery of a message. So a message to a prompt key does not wait for one that may last, and one to a new key finds
 *       an eighth of the slots that no letter to many can take.
 *   <li>The last eighth is only for keys that have nothing under way.
 * </ul>
 *
 * <p>What has to wait is looked at again as soon as it may start. A key is kept only while deliveries of it are under way or
 * wait for it.
 */
final class FairShares {

    /** With fewer slots than this no parts of them are kept free: an eighth would be half. */
    private static final int SMALLEST_CHANNEL_WITH_PARTS = 4;

    /** One is enough to know more, which takes a second or two, or {@link Speeds#SLOW_SECONDS}. */
    private static final int MOST_OF_UNKNOWN = 1;

    /** Whether a recipient can be started now, and if not, what it waits for. */
    enum Room {
        FREE,
        /** For another delivery with its key to end. */
        KEY_IS_TAKEN,
        /** For any delivery to end that may last. */
        KIND_IS_TAKEN
    }

    private final int slots;
    private final int quarter;
    private final int half;
    private final int mostRestrained;
    private final int mostRestrainedByFirst;
    private final int eighth;
    private final int reserve;

    private final WaitingRoom.Doors withinShare = new Doors(false);
    private final WaitingRoom.Doors beyondShare = new Doors(true);
    private final Speeds speeds = new Speeds();
    private final Map<String, Share> shares = new HashMap<>();
    private final WaitingRoom waiting = new WaitingRoom();

    /** Deliveries under way, the oldest first, that have not yet lasted for long. */
    private final Set<Slot> young = new LinkedHashSet<>();

    private int used;
    private int slow;
    private int restrained;

    FairShares(int slots) {
        boolean inParts = slots >= SMALLEST_CHANNEL_WITH_PARTS;
        this.slots = slots;
        this.quarter = Math.max(1, slots / 4);
        this.half = Math.max(1, slots / 2);
        this.mostRestrained = inParts ? slots * 6 / 8 : slots;
        this.mostRestrainedByFirst = inParts ? slots * 7 / 8 : slots;
        this.eighth = Math.max(1, slots / 8);
        this.reserve = inParts ? eighth : 0;
    }

    /** What a recipient has in common with those that are slow whenever it is. */
    static String keyOf(Channel channel, String address) {
        return switch (channel) {
            case LOCAL -> Octets.lowerCase(address);
            case REMOTE -> Octets.lowerCase(address.substring(address.lastIndexOf('@') + 1));
        };
    }

    /** How many deliveries are under way. */
    int used() {
        return used;
    }

    boolean hasFree() {
        return used < slots;
    }

    boolean isSlow(String key) {
        return speedOf(key) == Speed.SLOW;
    }

    /**
     * Whether a delivery can be started.
     *
     * @param isBeyond whether nobody waits who is within a share
     */
    Room room(String key, Pass pass, boolean isBeyond) {
        WaitingRoom.Doors doors = isBeyond ? beyondShare : withinShare;
        Share share = shares.get(key);
        if (share != null && !doors.isOpen(share)) {
            return Room.KEY_IS_TAKEN;
        }
        Speed speed = share == null ? speeds.of(key) : share.speed;
        boolean isFree = speed == Speed.PROMPT
                || (isDistrusted(speed, pass)
                        ? doors.isOpenToAny() && doors.isOpenToSlow()
                        : pass.hasBegun() ? doors.isOpenToAny() : doors.isOpenToFirst());
        return isFree ? Room.FREE : Room.KIND_IS_TAKEN;
    }

    /** Gives a slot away. */
    Slot started(String key, Pass pass, long now) {
        Share share = share(key);
        Slot slot = new Slot(share, now);
        share.used++;
        used++;
        young.add(slot);
        count(slot, share.speed != Speed.PROMPT, isDistrusted(share.speed, pass));
        return slot;
    }

    /**
     * Takes a slot back.
     *
     * @return walks that need not wait for its key any more, because they can go to others
     */
    List<Walk> ended(Slot slot, long now) {
        Share share = slot.share;
        share.used--;
        used--;
        young.remove(slot);
        count(slot, false, false);
        List<Walk> released = learn(share, now - slot.since < Speeds.SLOW_SECONDS ? Speed.PROMPT : Speed.SLOW);
        forgetIfUnused(share);
        return released;
    }

    /**
     * Notes who has become slow.
     *
     * @return walks as for {@link #ended}
     */
    List<Walk> notice(long now) {
        List<Walk> released = List.of();
        for (Iterator<Slot> oldest = young.iterator(); oldest.hasNext(); ) {
            Slot slot = oldest.next();
            if (now - slot.since < Speeds.SLOW_SECONDS) {
                break;
            }
            oldest.remove();
            count(slot, true, true);
            released = released.isEmpty() ? new ArrayList<>() : released;
            released.addAll(learn(slot.share, Speed.SLOW));
        }
        return released;
    }

    /** When {@link #notice} may change who has room; never, if nobody waits for that. */
    long nextNotice() {
        return young.isEmpty() || waiting.isEmpty()
                ? Long.MAX_VALUE
                : young.iterator().next().since + Speeds.SLOW_SECONDS;
    }

    /** How many walks wait for the same kind of thing as one with this key. */
    int waitingWalks(String key) {
        return waiting.walks(isSlow(key));
    }

    /** Puts a walk aside that has to wait. */
    void park(String key, Walk walk, Room why) {
        if (isAmongStrangers(key, why)) {
            waiting.addAmongStrangers(walk);
        } else {
            waiting.add(walk, share(key));
        }
    }

    /** Puts a pass aside of which nothing is kept but the number of its message. */
    void parkWhole(String key, Pass pass, Room why) {
        Lot lot = isAmongStrangers(key, why) ? waiting.amongStrangers(pass.isRetry()) : waiting.at(share(key));
        lot.addWhole(pass);
    }

    /** Takes one that waits and can start within its share. */
    Lot.@Nullable Waiting takeWithinShare() {
        return waiting.take(withinShare);
    }

    /** Takes one that waits, whatever its key has, unless only the last eighth is free. */
    Lot.@Nullable Waiting takeBeyondShare() {
        return isScarce() ? null : waiting.take(beyondShare);
    }

    /** Shows the numbers of all messages that wait. */
    void forEachWaiting(LongConsumer visitor) {
        waiting.forEach(visitor);
    }

    private final class Doors implements WaitingRoom.Doors {

        private final boolean isBeyond;

        Doors(boolean isBeyond) {
            this.isBeyond = isBeyond;
        }

        @Override
        public boolean isOpen(Share share) {
            return share.used == 0 || (!isScarce() && share.used < most(share.speed));
        }

        private int most(Speed speed) {
            return speed == Speed.UNKNOWN ? (isBeyond ? eighth : MOST_OF_UNKNOWN) : isBeyond ? slots : quarter;
        }

        @Override
        public boolean isOpenToAny() {
            return restrained < mostRestrained;
        }

        @Override
        public boolean isOpenToFirst() {
            return restrained < (isBeyond ? mostRestrained : mostRestrainedByFirst);
        }

        @Override
        public boolean isOpenToSlow() {
            return isBeyond || slow < half;
        }

        @Override
        public void forget(Share share) {
            forgetIfUnused(share);
        }
    }

    /** Whether only those slots are free that are for keys with nothing under way. */
    private boolean isScarce() {
        return slots - used <= reserve;
    }

    /** A key of which nothing is known, not even whether it is slow, has no place of its own: there may be a million of them. */
    private boolean isAmongStrangers(String key, Room why) {
        return why == Room.KIND_IS_TAKEN && !shares.containsKey(key) && speeds.of(key) == Speed.UNKNOWN;
    }

    /** What is now known of a key. */
    private List<Walk> learn(Share share, Speed speed) {
        speeds.note(share.key, speed);
        return share.speed == speed ? List.of() : waiting.change(share, speed);
    }

    private void count(Slot slot, boolean isRestrained, boolean isSlow) {
        restrained += (isRestrained ? 1 : 0) - (slot.isRestrained ? 1 : 0);
        slow += (isSlow ? 1 : 0) - (slot.isSlow ? 1 : 0);
        slot.isRestrained = isRestrained;
        slot.isSlow = isSlow;
    }

    private static boolean isDistrusted(Speed speed, Pass pass) {
        return speed == Speed.SLOW || (speed == Speed.UNKNOWN && pass.isRetry());
    }

    private Speed speedOf(String key) {
        Share share = shares.get(key);
        return share == null ? speeds.of(key) : share.speed;
    }

    private void forgetIfUnused(Share share) {
        if (share.used == 0 && share.lot == null) {
            shares.remove(share.key);
        }
    }

    private Share share(String key) {
        return shares.computeIfAbsent(key, unmet -> new Share(unmet, speeds.of(unmet)));
    }
}
