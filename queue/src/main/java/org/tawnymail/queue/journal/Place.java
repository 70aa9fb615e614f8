package org.tawnymail.queue.journal;

/** Where a record lies: the number of its segment and its offset there, in one {@code long}; never 0. */
public final class Place {

    /** No place: not written yet. */
    public static final long NONE = 0;

    public static long of(int segment, int offset) {
        return (long) segment << 32 | offset;
    }

    public static int segment(long place) {
        return (int) (place >>> 32);
    }

    public static int offset(long place) {
        return (int) place;
    }

    private Place() {}
}
