package org.tawnymail.queue.journal;

/**
 * How large the files of a journal are.
 *
 * <p>A new journal begins with small segments; each is twice the one before until they are as large as they may get. So a
 * machine with little mail keeps a few megabytes, and a busy one does not change segments several times a second.
 *
 * @param smallestSegment bytes of the first segment after a start
 * @param largestSegment bytes of a segment at most
 * @param spares how many emptied segments are kept to be written again
 */
public record JournalLimits(int smallestSegment, int largestSegment, int spares) {

    public static final JournalLimits DEFAULT = new JournalLimits(4 << 20, 64 << 20, 2);

    /** The least that makes sense; a record that is longer than a segment makes it longer. */
    private static final int LEAST = 4 << 10;

    public JournalLimits {
        if (smallestSegment < LEAST || largestSegment < smallestSegment) {
            throw new IllegalArgumentException("segments of " + smallestSegment + " to " + largestSegment + " bytes");
        }
    }

    /**
     * How many bytes on the disk the queue leaves alone: deliveries write to the same disk as a rule, and what was accepted
     * is to be delivered although nothing new is. Only marks and the very first segment after a start may use them.
     */
    public long leftAlone() {
        return 4L * smallestSegment;
    }

    /** What awaited records must leave free where the next segment is not there yet, so that marks find room. */
    int reserve(int capacity) {
        return capacity / 16;
    }
}
