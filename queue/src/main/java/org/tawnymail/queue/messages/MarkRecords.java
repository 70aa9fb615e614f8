package org.tawnymail.queue.messages;

import static org.tawnymail.queue.journal.RecordFormat.PAYLOAD;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.journal.JournalRecord;
import org.tawnymail.queue.journal.RecordFormat;

/**
 * The payloads of the records about a message that was accepted earlier; doc/queue-format.md says the same.
 *
 * <pre>
 *   ROUTED       | first recipient (4) | how many (4) | ( 'L' or 'R', address NUL ) ... |
 *   DONE         | recipient (4) |
 *   DONE_MANY    | first recipient (4) | bits, lowest first ... |
 *   BOUNCE       | epoch (4) | number of the piece (4) | text ... |
 *   BOUNCE_SENT  | epoch (4) |
 *   FAILED       | epoch (4) | ( recipient (4), number of the piece that says so (4) ) ... |
 *   DUE          | 'L' or 'R' | seconds since 1970 (8) |
 *   FINISHED     | segment with a copy of the message (4) | ...
 * </pre>
 */
final class MarkRecords {

    static final int ROUTED_COUNT = PAYLOAD + 4;
    static final int ROUTED_ENTRIES = PAYLOAD + 8;
    static final int DONE_BITS = PAYLOAD + 4;
    static final int BOUNCE_PIECE = PAYLOAD + 4;
    static final int BOUNCE_TEXT = PAYLOAD + 8;
    static final int DUE_SECONDS = PAYLOAD + 1;
    static final int FAILED_ENTRIES = PAYLOAD + 4;
    static final int FAILED_ENTRY = 8;

    /** Routing, bounce text and marks of many recipients are cut into records of about this size. */
    static final int PART = 32 << 10;

    static final byte LOCAL = 'L';
    static final byte REMOTE = 'R';

    static byte[] done(long message, int recipient) {
        byte[] record = record(RecordFormat.DONE, message, 4);
        RecordFormat.putInt(record, PAYLOAD, recipient);
        return record;
    }

    /**
     * One record for several recipients, or as few as possible where they stand far apart.
     *
     * @param recipients ascending
     */
    static List<byte[]> doneMany(long message, int[] recipients) {
        List<byte[]> records = new ArrayList<>(1);
        int from = 0;
        while (from < recipients.length) {
            int first = recipients[from];
            BitSet bits = new BitSet();
            while (from < recipients.length && recipients[from] - first < PART * 8) {
                bits.set(recipients[from++] - first);
            }
            byte[] octets = bits.toByteArray();
            records.add(doneMany(message, first, octets, 0, octets.length));
        }
        return records;
    }

    static byte[] doneMany(long message, int first, byte[] bits, int from, int length) {
        byte[] record = record(RecordFormat.DONE_MANY, message, 4 + length);
        RecordFormat.putInt(record, PAYLOAD, first);
        System.arraycopy(bits, from, record, DONE_BITS, length);
        return record;
    }

    static byte[] bounce(long message, int epoch, int piece, byte[] text, int from, int length) {
        byte[] record = record(RecordFormat.BOUNCE, message, 8 + length);
        RecordFormat.putInt(record, PAYLOAD, epoch);
        RecordFormat.putInt(record, BOUNCE_PIECE, piece);
        System.arraycopy(text, from, record, BOUNCE_TEXT, length);
        return record;
    }

    static byte[] bounceSent(long message, int epoch) {
        byte[] record = record(RecordFormat.BOUNCE_SENT, message, 4);
        RecordFormat.putInt(record, PAYLOAD, epoch);
        return record;
    }

    /** Recipients by the numbers of the pieces of bounce text that tell of them, as many as go into one record. */
    static byte[] failed(long message, int epoch, List<Map.Entry<Integer, Integer>> recipients) {
        byte[] record = record(RecordFormat.FAILED, message, 4 + recipients.size() * FAILED_ENTRY);
        RecordFormat.putInt(record, PAYLOAD, epoch);
        int at = FAILED_ENTRIES;
        for (var entry : recipients) {
            RecordFormat.putInt(record, at, entry.getValue());
            RecordFormat.putInt(record, at + 4, entry.getKey());
            at += FAILED_ENTRY;
        }
        return record;
    }

    static byte[] due(long message, Channel channel, long seconds) {
        byte[] record = record(RecordFormat.DUE, message, 9);
        record[PAYLOAD] = letter(channel);
        RecordFormat.putLong(record, DUE_SECONDS, seconds);
        return record;
    }

    static byte[] finished(long message, int[] segments) {
        byte[] record = record(RecordFormat.FINISHED, message, 4 * segments.length);
        for (int i = 0; i < segments.length; i++) {
            RecordFormat.putInt(record, PAYLOAD + 4 * i, segments[i]);
        }
        return record;
    }

    /** The segments that a finished record names. */
    static int[] copies(JournalRecord finished) {
        int[] segments = new int[(finished.length() - PAYLOAD) / 4];
        for (int i = 0; i < segments.length; i++) {
            segments[i] = finished.intAt(PAYLOAD + 4 * i);
        }
        return segments;
    }

    /** All marks of a message as it is. */
    static List<byte[]> allOf(QueuedMessage message) {
        List<byte[]> marks = new ArrayList<>();
        byte[] done = message.doneBytes();
        for (int at = 0; at < done.length; at += PART) {
            marks.add(doneMany(message.number, at * 8, done, at, Math.min(PART, done.length - at)));
        }
        for (Channel channel : Channel.values()) {
            if (message.due(channel) != QueuedMessage.NOT_NOTED) {
                marks.add(due(message.number, channel, message.due(channel)));
            }
        }
        if (message.bounceEpoch() > 0) {
            marks.add(bounceSent(message.number, message.bounceEpoch() - 1));
        }
        List<Map.Entry<Integer, Integer>> failed = List.copyOf(message.failed().entrySet());
        int most = PART / FAILED_ENTRY;
        for (int at = 0; at < failed.size(); at += most) {
            List<Map.Entry<Integer, Integer>> some = failed.subList(at, Math.min(failed.size(), at + most));
            marks.add(failed(message.number, message.bounceEpoch(), some));
        }
        return marks;
    }

    static byte letter(Channel channel) {
        return channel == Channel.LOCAL ? LOCAL : REMOTE;
    }

    static Channel channel(byte letter) {
        return letter == LOCAL ? Channel.LOCAL : Channel.REMOTE;
    }

    private static byte[] record(byte type, long message, int payload) {
        byte[] record = new byte[PAYLOAD + payload];
        RecordFormat.begin(record, type, message);
        return record;
    }

    private MarkRecords() {}
}
