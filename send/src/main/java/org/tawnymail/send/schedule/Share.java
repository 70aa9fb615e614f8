package org.tawnymail.send.schedule;

import org.jspecify.annotations.Nullable;

/** What a key uses of a channel, and who waits for it: see {@link FairShares}. */
final class Share {

    final String key;
    Speed speed;

    /** How many deliveries of it are under way. */
    int used;

    /** Null if nobody waits. */
    @Nullable
    Lot lot;

    Share(String key, Speed speed) {
        this.key = key;
        this.speed = speed;
    }
}
