package org.tawnymail.queue.messages;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How much of each segment is alive: messages that are not finished, and finished records of which the message's own record
 * still lies in some other segment.
 */
final class Occupancy {

    private static final class Use {
        private int messages;
        private long bytes;
        private final Set<Integer> tombstonesOf = new HashSet<>();
    }

    private final Map<Integer, Use> segments = new HashMap<>();

    private Use of(int segment) {
        return segments.computeIfAbsent(segment, absent -> new Use());
    }

    /** A living message lies in a segment. */
    synchronized void add(int segment, int length) {
        Use use = of(segment);
        use.messages++;
        use.bytes += length;
    }

    /** It is finished, or lives elsewhere. */
    synchronized void remove(int segment, int length) {
        Use use = of(segment);
        use.messages--;
        use.bytes -= length;
    }

    /** A finished record lies in a segment, of a message whose own records lie in others. */
    synchronized void tombstone(int segment, int[] copies) {
        for (int copy : copies) {
            if (copy != segment) {
                of(segment).tombstonesOf.add(copy);
            }
        }
    }

    synchronized boolean isDead(int segment) {
        Use use = segments.get(segment);
        return use == null || use.messages == 0;
    }

    synchronized long livingBytes(int segment) {
        Use use = segments.get(segment);
        return use == null ? 0 : use.bytes;
    }

    /** The segments of whose messages there are finished records in this one. */
    synchronized Set<Integer> tombstonesIn(int segment) {
        Use use = segments.get(segment);
        return use == null ? Set.of() : Set.copyOf(use.tombstonesOf);
    }

    synchronized void forget(int segment) {
        segments.remove(segment);
    }
}
