package org.tawnymail.queue.journal;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * Reads the records of one segment that is written no more.
 *
 * <p>Two things can break a row of whole records: a torn tail, after a loss of power, and damage in the middle. They look
 * alike, and are told apart by proof: the seal, or a later {@link RecordFormat#FORCED} record, says that all before it had
 * been durable, so what does not hold there is damage, and everything whole around it counts. Where there is no such
 * proof, of what lies behind the first hole only accepted messages count: one too many is a duplicate, while a mark
 * without the record before it (a recipient done whose bounce text was torn) would be a loss.
 *
 * <p>Bodies are checked too where no seal vouches for the segment, which is only so for the last one after a crash. A message
 * that had been accepted and whose body does not hold is shown all the same: its recipients are known, and whoever asks for
 * the body is told.
 */
final class SegmentReplay {

    private static final int UNKNOWN = -1;

    private final Segment segment;
    private final SegmentWindow window;
    private final RecordFormat.Seal seal;
    private final Consumer<Damage> damages;

    /** No record reaches beyond it. */
    private final int limit;

    /** Up to where everything is known to have been durable; it is found out when it is needed. */
    private int durable = UNKNOWN;

    /** @param damages is told of each place that does not hold */
    SegmentReplay(Segment segment, Consumer<Damage> damages) throws IOException {
        this.segment = segment;
        this.seal = new RecordFormat.Seal(segment.salt());
        this.damages = damages;
        int made = segment.isCut() ? segment.capacity() : 0;
        int size = (int) Math.min(
                Integer.MAX_VALUE - RecordFormat.LONGEST,
                Math.max(made, segment.file().size()));
        this.limit = segment.isSealed() ? segment.end() : size;
        this.window = new SegmentWindow(segment.file(), limit);
        if (segment.isSealed() || segment.isCut()) {
            durable = limit;
        }
    }

    /** Shows the records that count, and tells an unsealed segment where it ends and whether there are holes. */
    void replay(Journal.Reader reader) throws IOException {
        boolean torn = false;
        int at = Segment.FIRST_RECORD;
        int end = at;
        while (at < limit) {
            if (!isRecord(at)) {
                int next = nextRecord(at + 1);
                if (next < 0) {
                    boolean isNothingFound = at == Segment.FIRST_RECORD && segment.isDamaged();
                    if (segment.isSealed() || (isNothingFound && !isBlank(at))) {
                        report(hole(at, limit));
                    }
                    break;
                }
                torn |= report(hole(at, next));
                at = next;
            }
            JournalRecord record = view(at);
            int length = record.length();
            long message = record.message();
            boolean counts = !torn || record.type() == RecordFormat.ACCEPTED;
            if (!segment.isSealed() && !contentHolds(record)) {
                Damage.Kind kind = at < durableEnd(at) ? Damage.Kind.CONTENT : Damage.Kind.TORN;
                boolean isTorn = report(new Damage(kind, segment.path(), at, at + length, message));
                counts = !isTorn;
                torn |= isTorn;
            }
            if (counts) {
                show(view(at), reader);
            }
            at += length;
            end = at;
        }
        if (!segment.isSealed()) {
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

    /** What is known of the bytes between two whole records. */
    private Damage hole(int from, int to) throws IOException {
        window.load(from, RecordFormat.PAYLOAD);
        int offset = window.at(from);
        boolean isOneRecord = RecordFormat.isPlausible(window.bytes(), offset)
                && RecordFormat.getInt(window.bytes(), offset) == to - from;
        long message =
                isOneRecord ? RecordFormat.getLong(window.bytes(), offset + RecordFormat.MESSAGE) : Damage.UNKNOWN;
        Damage.Kind kind = from < durableEnd(from) ? Damage.Kind.LOST : Damage.Kind.TORN;
        return new Damage(kind, segment.path(), from, to, message);
    }

    /** Whether there are zeros where a record would begin. */
    private boolean isBlank(int at) throws IOException {
        window.load(at, RecordFormat.PAYLOAD);
        for (int i = 0; i < RecordFormat.PAYLOAD; i++) {
            if (window.bytes()[window.at(at) + i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** True if it is a torn part, behind which not everything counts. */
    private boolean report(Damage damage) {
        damages.accept(damage);
        if (damage.kind() == Damage.Kind.TORN) {
            segment.suspect();
            return true;
        }
        segment.damaged();
        return false;
    }

    /** The furthest offset up to which a record from here on proves that all was durable. */
    private int durableEnd(int from) throws IOException {
        if (durable != UNKNOWN) {
            return durable;
        }
        durable = 0;
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
        window.load(at, RecordFormat.PAYLOAD);
        if (!RecordFormat.isPlausible(window.bytes(), window.at(at))
                || RecordFormat.getInt(window.bytes(), window.at(at)) > limit - at) {
            return false;
        }
        window.load(at, RecordFormat.headLength(window.bytes(), window.at(at)));
        return seal.holds(window.bytes(), window.at(at), segment.number(), at);
    }

    /** The record whose head was found at an offset by {@link #isRecord}. It may move the window. */
    private JournalRecord view(int at) throws IOException {
        window.load(at, RecordFormat.PAYLOAD);
        window.load(at, RecordFormat.headLength(window.bytes(), window.at(at)));
        int offset = window.at(at);
        int length = RecordFormat.getInt(window.bytes(), offset);
        return new JournalRecord(Place.of(segment.number(), at), window.bytes(), offset, length);
    }

    /** Whether body and envelope of an accepted record are whole. It may move the window. */
    private boolean contentHolds(JournalRecord record) throws IOException {
        if (record.type() != RecordFormat.ACCEPTED) {
            return true;
        }
        int at = Place.offset(record.place());
        int length = record.length();
        window.load(at, length);
        return RecordFormat.contentHolds(window.bytes(), window.at(at), length);
    }
}
