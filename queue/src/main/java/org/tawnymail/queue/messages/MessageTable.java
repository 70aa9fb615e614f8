package org.tawnymail.queue.messages;

import static org.tawnymail.queue.journal.RecordFormat.PAYLOAD;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.journal.Journal;
import org.tawnymail.queue.journal.JournalRecord;
import org.tawnymail.queue.journal.Place;
import org.tawnymail.queue.journal.RecordFormat;

/**
 * All messages that are not finished, as the records of the journal say: shown the records one after the other, it becomes
 * what it was when they were written. It knows segments by their numbers only.
 */
final class MessageTable implements Journal.Reader {

    private final Map<Long, QueuedMessage> messages = new ConcurrentHashMap<>();
    private final LongAdder bytes = new LongAdder();
    private final Occupancy occupancy = new Occupancy();

    /** Segments that hold another copy of a message, because it was or is being moved; rare and short-lived. */
    private final Map<Long, List<Integer>> otherCopies = new ConcurrentHashMap<>();

    Occupancy occupancy() {
        return occupancy;
    }

    @Nullable
    QueuedMessage get(long number) {
        return messages.get(number);
    }

    Collection<QueuedMessage> all() {
        return messages.values();
    }

    int size() {
        return messages.size();
    }

    List<Long> numbers() {
        List<Long> numbers = new ArrayList<>(messages.keySet());
        numbers.sort(null);
        return numbers;
    }

    void put(QueuedMessage message) {
        messages.put(message.number, message);
        bytes.add(message.memory());
    }

    void remove(QueuedMessage message) {
        if (messages.remove(message.number) != null) {
            bytes.add(-message.memory());
        }
    }

    /** The memory that all messages take, estimated. */
    long memory() {
        return bytes.sum();
    }

    /** The segments that hold the message's own record, in any copy. */
    int[] copies(QueuedMessage message) {
        List<Integer> copies = new ArrayList<>(1);
        addSegment(copies, message.accepted.place());
        addSegment(copies, message.movingTo);
        copies.addAll(otherCopies.getOrDefault(message.number, List.of()));
        return copies.stream().mapToInt(Integer::intValue).toArray();
    }

    private static void addSegment(List<Integer> segments, long place) {
        if (place != Place.NONE) {
            segments.add(Place.segment(place));
        }
    }

    /** The message's record has a copy at a new place, which counts from now on. */
    void moved(QueuedMessage message, long place) {
        int from = Place.segment(message.accepted.place());
        addOtherCopy(message, from);
        occupancy.remove(from, message.accepted.length());
        occupancy.add(Place.segment(place), message.accepted.length());
        message.accepted.place(place);
    }

    private void addOtherCopy(QueuedMessage message, int segment) {
        List<Integer> others = new ArrayList<>(otherCopies.getOrDefault(message.number, List.of()));
        others.add(segment);
        otherCopies.put(message.number, List.copyOf(others));
    }

    /** The finished record of a message was appended in a segment. */
    void finished(QueuedMessage message, int segment, int[] copies) {
        occupancy.tombstone(segment, copies);
        buried(message);
    }

    /** The message needs no room any more. */
    void buried(QueuedMessage message) {
        otherCopies.remove(message.number);
        occupancy.remove(Place.segment(message.accepted.place()), message.accepted.length());
    }

    /** A segment is gone from the disk. */
    void dropped(int segment) {
        occupancy.forget(segment);
        otherCopies.replaceAll((message, copies) ->
                copies.stream().filter(copy -> copy != segment).toList());
        otherCopies.values().removeIf(List::isEmpty);
    }

    @Override
    public void record(JournalRecord record) {
        if (record.type() == RecordFormat.ACCEPTED) {
            accepted(record);
            return;
        }
        QueuedMessage message = messages.get(record.message());
        if (record.type() == RecordFormat.FINISHED) {
            occupancy.tombstone(Place.segment(record.place()), MarkRecords.copies(record));
            if (message != null) {
                remove(message);
                buried(message);
            }
        } else if (message != null) {
            // Records about a message of which there is no earlier record are of a copy that was moved: its state
            // follows.
            changed(message, record);
        }
    }

    private void accepted(JournalRecord record) {
        QueuedMessage known = messages.get(record.message());
        if (known != null) {
            // A move that was cut short. The first copy counts: all that is known of the message follows that one,
            // while the
            // state that belongs behind the second may be missing.
            addOtherCopy(known, Place.segment(record.place()));
            return;
        }
        Piece piece = new Piece(0, record.place(), record.length());
        put(new QueuedMessage(
                record.message(), piece, record.intAt(RecordFormat.RECIPIENTS), record.byteAt(RecordFormat.STORAGE)));
        occupancy.add(Place.segment(record.place()), record.length());
    }

    private static void changed(QueuedMessage message, JournalRecord record) {
        switch (record.type()) {
            case RecordFormat.ROUTED -> routed(message, record);
            case RecordFormat.BOUNCE -> bounce(message, record);
            default -> {
                mark(message, record);
                message.marksIn(Place.segment(record.place()));
            }
        }
    }

    private static void mark(QueuedMessage message, JournalRecord record) {
        switch (record.type()) {
            case RecordFormat.DONE -> done(message, record.intAt(PAYLOAD));
            case RecordFormat.DONE_MANY -> {
                int first = record.intAt(PAYLOAD);
                for (int at = MarkRecords.DONE_BITS; at < record.length(); at++) {
                    for (int bits = record.byteAt(at) & 0xff; bits != 0; bits &= bits - 1) {
                        done(message, first + (at - MarkRecords.DONE_BITS) * 8 + Integer.numberOfTrailingZeros(bits));
                    }
                }
            }
            case RecordFormat.FAILED -> failed(message, record);
            case RecordFormat.BOUNCE_SENT -> message.forgetBounce(record.intAt(PAYLOAD));
            case RecordFormat.DUE ->
                message.due(MarkRecords.channel(record.byteAt(PAYLOAD)), record.longAt(MarkRecords.DUE_SECONDS));
            default -> {
                // Of a later version of this program: nothing that mail would be lost without.
            }
        }
    }

    private static void done(QueuedMessage message, int recipient) {
        if (recipient >= 0 && recipient < message.recipients) {
            message.markDone(recipient);
        }
    }

    private static void failed(QueuedMessage message, JournalRecord record) {
        int epoch = record.intAt(PAYLOAD);
        for (int at = MarkRecords.FAILED_ENTRIES;
                at + MarkRecords.FAILED_ENTRY <= record.length();
                at += MarkRecords.FAILED_ENTRY) {
            int recipient = record.intAt(at);
            if (recipient >= 0 && recipient < message.recipients) {
                message.failed(recipient, epoch, record.intAt(at + 4));
            }
        }
    }

    private static void routed(QueuedMessage message, JournalRecord record) {
        int first = record.intAt(PAYLOAD);
        if (message.isRouted()) {
            Piece known = message.routingFrom(first);
            if (known != null) {
                known.place(record.place());
            }
            return;
        }
        if (first == 0) {
            message.beginRouting();
        }
        int count = record.intAt(MarkRecords.ROUTED_COUNT);
        if (first != message.routedSoFar() || count < 0 || count > message.recipients - first) {
            return;
        }
        int at = MarkRecords.ROUTED_ENTRIES;
        for (int i = 0; i < count; i++) {
            Channel channel = MarkRecords.channel(record.byteAt(at++));
            while (record.byteAt(at++) != 0) {}
            message.route(channel);
        }
        message.addRouting(new Piece(first, record.place(), record.length()));
        if (message.routedSoFar() == message.recipients) {
            message.completeRouting();
        }
    }

    private static void bounce(QueuedMessage message, JournalRecord record) {
        int epoch = record.intAt(PAYLOAD);
        if (epoch < message.bounceEpoch()) {
            return;
        }
        message.forgetBounce(epoch - 1);
        int number = record.intAt(MarkRecords.BOUNCE_PIECE);
        Piece known = message.bounceAt(number);
        if (known != null) {
            known.place(record.place());
        } else {
            message.addBounce(new Piece(number, record.place(), record.length()));
        }
    }
}
