package org.tawnymail.queue.messages;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.tawnymail.queue.journal.Journal;
import org.tawnymail.queue.journal.Place;

/**
 * A record that may be asked for again: where it lies, and its bytes as long as memory has them, which is at least until it
 * is written.
 */
final class Piece {

    private final int index;
    private final int length;
    private volatile long place;
    private volatile byte @Nullable [] record;

    /**
     * A record that is about to be appended.
     *
     * @param index what number it is among its like: the index of its first recipient, or the number of the bounce text
     * @param record its bytes, of which the first {@code length} count
     */
    Piece(int index, byte[] record, int length) {
        this.index = index;
        this.length = length;
        this.record = record;
    }

    /** A record that was read back. */
    Piece(int index, long place, int length) {
        this.index = index;
        this.length = length;
        this.place = place;
    }

    int index() {
        return index;
    }

    int length() {
        return length;
    }

    /** {@link Place#NONE} as long as it is not written. */
    long place() {
        return place;
    }

    boolean isIn(int segment) {
        return Place.segment(place) == segment && place != Place.NONE;
    }

    void place(long written) {
        place = written;
    }

    boolean isInMemory() {
        return record != null;
    }

    /** How much memory the bytes take. */
    int weight() {
        byte[] bytes = record;
        return bytes == null ? 0 : bytes.length;
    }

    /** Lets the bytes go, unless they are nowhere else. */
    void forget() {
        if (place != Place.NONE) {
            record = null;
        }
    }

    /** The record, possibly with more bytes behind it. Nobody may change it. */
    byte[] bytes(Journal journal) throws IOException {
        while (true) {
            byte[] bytes = record;
            if (bytes != null) {
                return bytes;
            }
            long read = place;
            try {
                return journal.read(read, length);
            } catch (Journal.Gone gone) {
                if (read == place) {
                    throw gone;
                }
            }
        }
    }
}
