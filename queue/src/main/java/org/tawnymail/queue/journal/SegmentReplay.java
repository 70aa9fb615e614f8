package org.tawnymail.queue.journal;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;
import org.tawnymail.queue.disk.DiskFile;

/**
 * Reads the records of one segment that is written no more.
 *
 * <p>Two things can break a row of whole records: a torn tail, after a loss of power, and damage in the middle. They look
 * alike, and are told apart by proof: the seal, or a later {@link RecordFormat#FORCED} record, says that all before it had
 * been durable, so what does not hold there is damage, and everything whole around it counts. Where there is no such
 * proof, of what lies behind the first hole only accepted messages count: one too many is a duplicate, while a mark
 * without the record before it (a recipient done whose bounce text was torn) would be a loss.
 *
 * <p>Bodies are checked too where no seal vouches for the segment, which is only so for the last one after a crash.
 */
final class SegmentReplay {

    private static final int WINDOW = 64 << 10;

    private final Segment segment;
    private final DiskFile file;
    private final RecordFormat.Seal seal;
    private final Consumer<String> log;

    /** No record reaches beyond it. */
    private final int limit;

    private final byte[] window = new byte[Math.max(WINDOW, RecordFormat.LONGEST)];
    private int windowStart;
    private int windowLength;

    SegmentReplay(Segment segment, long salt, Consumer<String> log) throws IOException {
        this.segment = segment;
        this.file = segment.file();
        this.seal = new RecordFormat.Seal(salt);
        this.log = log;
        int size = (int) Math.min(Integer.MAX_VALUE - RecordFormat.LONGEST, file.size());
        this.limit = segment.isSealed() ? segment.end() : size;
    }

    /** Shows the records that count, and tells an unsealed segment where it ends and whether there are holes. */
    void replay(Journal.Reader reader) throws IOException {
        boolean sealed = segment.isSealed();
        // Known from the seal, else found out at the first hole: everything counts as long as there is none.
        int durable = sealed ? limit : -1;
        boolean hole = false;
        int at = Segment.FIRST_RECORD;
        int end = at;
        while (at < limit) {
            if (!isRecord(at)) {
                durable = durable < 0 ? durableEnd(at) : durable;
                int next = nextRecord(at + 1);
                if (next < 0) {
                    if (sealed) {
                        reportHole(at, limit, durable);
                    }
                    break;
                }
                reportHole(at, next, durable);
                hole = true;
                at = next;
            }
            JournalRecord record = view(at);
            int length = record.length();
            long message = record.message();
            if (!sealed && !contentHolds(record)) {
                durable = durable < 0 ? durableEnd(at) : durable;
                reportMessage(message, at, durable);
                hole = true;
            } else {
                if (!hole || at < durable || record.type() == RecordFormat.ACCEPTED) {
                    show(view(at), reader);
                }
                end = at + length;
            }
            at += length;
        }
        if (!sealed) {
            segment.end(end);
        }
    }

    /** Shows all whole records, whatever surrounds them. */
    void scan(Journal.Reader reader) throws IOException {
        int at = isRecord(Segment.FIRST_RECORD) ? Segment.FIRST_RECORD : nextRecord(Segment.FIRST_RECORD);
        while (at >= 0 && at < segment.end()) {
            JournalRecord record = view(at);
            int next = at + record.length();
            show(record, reader);
            at = isRecord(next) ? next : nextRecord(next);
        }
    }

    private static void show(JournalRecord record, Journal.Reader reader) {
        if (record.type() != RecordFormat.FORCED) {
            reader.record(record);
        }
    }

    /** The furthest offset up to which a record from here on proves that all was durable. */
    private int durableEnd(int from) throws IOException {
        int durable = 0;
        int at = nextRecord(from);
        while (at >= 0) {
            JournalRecord record = view(at);
            if (record.type() == RecordFormat.FORCED) {
                durable = Math.max(durable, Math.min(at, record.intAt(RecordFormat.PAYLOAD)));
            }
            int next = at + record.length();
            at = isRecord(next) ? next : nextRecord(next);
        }
        return durable;
    }

    private int nextRecord(int from) throws IOException {
        for (int at = from; at <= limit - RecordFormat.PAYLOAD; at++) {
            if (isRecord(at)) {
                return at;
            }
        }
        return -1;
    }

    private boolean isRecord(int at) throws IOException {
        if (at > limit - RecordFormat.PAYLOAD) {
            return false;
        }
        load(at, RecordFormat.PAYLOAD);
        if (!RecordFormat.isPlausible(window, at - windowStart)
                || RecordFormat.getInt(window, at - windowStart) > limit - at) {
            return false;
        }
        load(at, RecordFormat.headLength(window, at - windowStart));
        return seal.holds(window, at - windowStart, segment.number(), at);
    }

    /** The record whose head was found at an offset by {@link #isRecord}. */
    private JournalRecord view(int at) {
        int offset = at - windowStart;
        return new JournalRecord(Place.of(segment.number(), at), window, offset, RecordFormat.getInt(window, offset));
    }

    /** Whether body and envelope of an accepted record are whole. It may move the window. */
    private boolean contentHolds(JournalRecord record) throws IOException {
        if (record.type() != RecordFormat.ACCEPTED) {
            return true;
        }
        int at = Place.offset(record.place());
        load(at, record.length());
        JournalRecord whole = view(at);
        int envelopeLength = whole.intAt(RecordFormat.ENVELOPE_LENGTH);
        boolean large = (whole.byteAt(RecordFormat.STORAGE) & RecordFormat.LARGE_BODY) != 0;
        int bodyLength = large ? 0 : (int) whole.longAt(RecordFormat.SIZE);
        int body = whole.offset() + RecordFormat.BODY;
        return RecordFormat.BODY + bodyLength + envelopeLength == whole.length()
                && (large || RecordFormat.crc(window, body, bodyLength) == whole.intAt(RecordFormat.BODY_CRC))
                && RecordFormat.crc(window, body + bodyLength, envelopeLength)
                        == whole.intAt(RecordFormat.ENVELOPE_CRC);
    }

    private void load(int at, int length) throws IOException {
        if (at >= windowStart && at + length <= windowStart + windowLength) {
            return;
        }
        windowStart = at;
        int wanted = Math.max(length, WINDOW);
        windowLength = file.read(window, 0, wanted, at);
        if (windowLength < length) {
            // The file was cut while it was read: what is missing holds no record.
            Arrays.fill(window, windowLength, length, (byte) 0);
            windowLength = length;
        }
    }

    private void reportHole(int from, int to, int durable) {
        segment.suspect();
        if (from < durable) {
            segment.damaged();
            log.accept("queue: " + segment.path() + " is damaged: " + (to - from) + " bytes from offset " + from
                    + " are passed over");
        }
    }

    private void reportMessage(long message, int at, int durable) {
        segment.suspect();
        if (at < durable) {
            segment.damaged();
            log.accept("queue: " + segment.path() + " is damaged: message " + message
                    + " is not whole and is passed over");
        }
    }
}
