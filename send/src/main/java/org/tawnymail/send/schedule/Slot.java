package org.tawnymail.send.schedule;

/** The slot of a delivery under way: see {@link FairShares}. */
final class Slot {

    final Share share;
    final long since;

    /** Whether it counts among those that may last. */
    boolean isRestrained;

    /** Whether it counts among the slow ones. */
    boolean isSlow;

    /**
     * @param since seconds since 1970
     */
    Slot(Share share, long since) {
        this.share = share;
        this.since = since;
    }
}
