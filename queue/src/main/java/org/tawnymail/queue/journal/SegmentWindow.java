package org.tawnymail.queue.journal;

import java.io.IOException;
import java.util.Arrays;
import org.tawnymail.queue.disk.DiskFile;
import org.tawnymail.queue.disk.ReadableParts;

/** The part of a segment that is being looked at; what the disk cannot read, and what lies behind the end, counts as zeros. */
final class SegmentWindow {

    private static final int USUAL = 64 << 10;

    private final ReadableParts file;
    private final byte[] bytes;
    private int start;
    private int length;

    /** @param limit no record reaches beyond it: a small segment needs a small window */
    SegmentWindow(DiskFile file, int limit) {
        this.file = new ReadableParts(file);
        this.bytes = new byte[Math.clamp(limit, RecordFormat.PAYLOAD, Math.max(USUAL, RecordFormat.LONGEST))];
    }

    /** The bytes; those at a place in the file are at {@link #at} that place. */
    byte[] bytes() {
        return bytes;
    }

    int at(int place) {
        return place - start;
    }

    /**
     * Sees to it that some bytes of the file are there, which changes where the others are.
     *
     * @throws IOException if very much of the segment cannot be read
     */
    void load(int place, int wanted) throws IOException {
        if (place >= start && place + wanted <= start + length) {
            return;
        }
        start = place;
        length = 0;
        int more = Math.min(Math.max(wanted, USUAL), bytes.length);
        int got = file.read(bytes, 0, more, place);
        Arrays.fill(bytes, got, more, (byte) 0);
        length = more;
    }
}
