package org.tawnymail.send;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.Channel;

/**
 * Sees to it that one slow host or one slow mailbox does not occupy a whole channel.
 *
 * <p>Deliveries that may wait for the same thing have the same key: the domain on the remote channel, the address on the
 * local one. While others wait, a key has at most a quarter of the slots; alone, it may have all but a reserve of an
 * eighth, which is for whoever comes next. What is over its share waits here, in order of its coming, and is looked at
 * again as soon as the share allows it.
 *
 * <p>A key is remembered only while deliveries of it are under way or wait, so there are never many. Of the passes that
 * wait before their first delivery only {@value #MOST_WHOLE_PASSES} are kept whole; of the rest eight bytes each.
 */
final class FairShares {

    /** A key may have one slot in this many while others wait. */
    private static final int SHARE = 4;

    /** One slot in this many is never given to a key beyond its share. */
    private static final int RESERVE = 8;

    /** With fewer slots than this there is no reserve: it would halve the channel. */
    private static final int SMALLEST_CHANNEL_WITH_RESERVE = 4;

    private static final int MOST_WHOLE_PASSES = 256;

    /** What waits over its share: a pass that is open, or the number of a message whose pass was put off. */
    record Waiting(@Nullable Pass pass, long message) {}

    private static final class Share {
        private final String key;
        private int used;
        private final ArrayDeque<Pass> passes = new ArrayDeque<>(2);
        private final LongQueue messages = new LongQueue();

        private Share(String key) {
            this.key = key;
        }

        boolean hasWaiting() {
            return !passes.isEmpty() || !messages.isEmpty();
        }
    }

    private final Channel channel;
    private final int fairShare;
    private final int reserve;
    private final Map<String, Share> shares = new HashMap<>();
    private final ArrayDeque<Share> crowded = new ArrayDeque<>();
    private int wholePasses;

    FairShares(Channel channel, int slots) {
        this.channel = channel;
        this.fairShare = Math.max(1, slots / SHARE);
        this.reserve = slots < SMALLEST_CHANNEL_WITH_RESERVE ? 0 : Math.max(1, slots / RESERVE);
    }

    /** How many slots stay free rather than go to a key beyond its share. */
    int reserve() {
        return reserve;
    }

    /** What a recipient has in common with those that are slow whenever it is. */
    String keyOf(String address) {
        return switch (channel) {
            case LOCAL -> Octets.lowerCase(address);
            case REMOTE -> Octets.lowerCase(address.substring(address.lastIndexOf('@') + 1));
        };
    }

    boolean hasRoom(String key) {
        Share share = shares.get(key);
        return share == null || share.used < fairShare;
    }

    void started(String key) {
        share(key).used++;
    }

    void ended(String key) {
        Share share = share(key);
        share.used--;
        forgetIfUnused(share);
    }

    /**
     * Puts a pass aside whose next recipient is over its share.
     *
     * @return whether the pass stays open; if not, only the number of its message is kept
     */
    boolean park(String key, Pass pass) {
        Share share = share(key);
        if (!share.hasWaiting()) {
            crowded.add(share);
        }
        boolean whole = pass.hasBegun() || (wholePasses < MOST_WHOLE_PASSES && share.messages.isEmpty());
        if (whole) {
            share.passes.add(pass);
            wholePasses++;
        } else {
            share.messages.add(pass.message());
        }
        return whole;
    }

    /** Takes one that waits for a key which has room in its share again. */
    Optional<Waiting> takeWithinShare() {
        for (int i = crowded.size(); i > 0; i--) {
            Share share = crowded.remove();
            if (share.used < fairShare) {
                return Optional.of(takeFrom(share));
            }
            crowded.add(share);
        }
        return Optional.empty();
    }

    /** Takes one that waits, whatever its key has; the keys take turns. */
    Optional<Waiting> takeBeyondShare() {
        return crowded.isEmpty() ? Optional.empty() : Optional.of(takeFrom(crowded.remove()));
    }

    /** Shows the numbers of all messages that wait. */
    void forEachWaiting(LongConsumer visitor) {
        for (Share share : crowded) {
            share.passes.forEach(pass -> visitor.accept(pass.message()));
            share.messages.forEach(visitor);
        }
    }

    private Waiting takeFrom(Share share) {
        Waiting waiting;
        if (share.passes.isEmpty()) {
            waiting = new Waiting(null, share.messages.poll());
        } else {
            Pass pass = share.passes.remove();
            wholePasses--;
            waiting = new Waiting(pass, pass.message());
        }
        if (share.hasWaiting()) {
            crowded.add(share);
        } else {
            forgetIfUnused(share);
        }
        return waiting;
    }

    private void forgetIfUnused(Share share) {
        if (share.used == 0 && !share.hasWaiting()) {
            shares.remove(share.key);
        }
    }

    private Share share(String key) {
        return shares.computeIfAbsent(key, Share::new);
    }
}
