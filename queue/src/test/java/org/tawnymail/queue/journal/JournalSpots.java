package org.tawnymail.queue.journal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Where the records of a segment lie. */
public final class JournalSpots {

    /** One record. */
    public record Spot(int at, int length, byte type, long message) {

        public int end() {
            return at + length;
        }

        /** Whether it says that everything before it is durable. */
        public boolean isProof() {
            return type == RecordFormat.FORCED;
        }
    }

    /** The whole records of an undamaged segment, one behind the other. */
    public static List<Spot> of(Path segment, byte[] bytes) {
        SegmentHeader header = new SegmentHeader(Arrays.copyOf(bytes, SegmentHeader.LENGTH));
        RecordFormat.Seal seal = new RecordFormat.Seal(header.salt());
        int number = (int) SegmentFiles.numberOf(String.valueOf(segment.getFileName()));
        List<Spot> spots = new ArrayList<>();
        int at = SegmentHeader.LENGTH;
        while (at + RecordFormat.PAYLOAD <= bytes.length
                && RecordFormat.isPlausible(bytes, at)
                && at + RecordFormat.headLength(bytes, at) <= bytes.length
                && seal.holds(bytes, at, number, at)) {
            int length = RecordFormat.getInt(bytes, at);
            long message = RecordFormat.getLong(bytes, at + RecordFormat.MESSAGE);
            spots.add(new Spot(at, length, bytes[at + RecordFormat.TYPE], message));
            at += length;
        }
        return spots;
    }

    private JournalSpots() {}
}
