package org.tawnymail.queue.journal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * The numbers of all segments that there are, as a record. It is the first one of each segment, and is written before a segment
 * is dropped; the last one counts. So a segment that is not there at a start and is named was lost, with all that was in it.
 *
 * <pre>
 *   SEGMENTS     | number (4) | ...
 * </pre>
 */
final class SegmentList {

    /** The newest ones: an older one that is lost goes unnoticed where there are more, which takes a terabyte of mail. */
    private static final int MOST = 16 << 10;

    private List<Integer> last = List.of();

    static byte[] record(Collection<Integer> present) {
        List<Integer> numbers =
                present.stream().skip(Math.max(0, present.size() - MOST)).toList();
        byte[] record = new byte[RecordFormat.PAYLOAD + numbers.size() * Integer.BYTES];
        RecordFormat.begin(record, RecordFormat.SEGMENTS, 0);
        int at = RecordFormat.PAYLOAD;
        for (int number : numbers) {
            RecordFormat.putInt(record, at, number);
            at += Integer.BYTES;
        }
        return record;
    }

    /** One was found at a start, behind those before it. */
    void take(JournalRecord record) {
        List<Integer> numbers = new ArrayList<>();
        for (int at = RecordFormat.PAYLOAD; at + Integer.BYTES <= record.length(); at += Integer.BYTES) {
            numbers.add(record.intAt(at));
        }
        last = numbers;
    }

    /**
     * Those that should be there and are not.
     *
     * @param newest the last one that was taken into use, which stands in no list if it is the one that is lost; 0 if nobody
     *     knows
     */
    Set<Integer> missing(int newest, IntPredicate isThere) {
        Set<Integer> missing = new TreeSet<>(last);
        missing.add(newest);
        missing.removeIf(number -> number == 0 || isThere.test(number));
        return missing;
    }
}
