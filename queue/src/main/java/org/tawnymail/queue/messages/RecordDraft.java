package org.tawnymail.queue.messages;

import static org.tawnymail.queue.journal.RecordFormat.BODY;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.journal.RecordFormat;

/**
 * The record of a new message while it is being built, where it lies: head, message and envelope in one array, which grows up
 * to {@link QueueOptions#largestInline}. A larger message is streamed to a file, with the array as its buffer; so is a long
 * list of recipients.
 *
 * <p>Order: {@link #body} as often as needed, {@link #sender} once, {@link #list} as often as needed, {@link #complete}.
 * After trouble it can only be {@linkplain #abandon abandoned}.
 */
final class RecordDraft {

    /** An envelope that is longer keeps its recipients in a file. */
    static final int MOST_ENVELOPE_INLINE = 64 << 10;

    private static final int FIRST_BUFFER = 8 << 10;

    private final LargeFiles files;
    private final long number;
    private final int largestInline;

    private byte[] record = new byte[FIRST_BUFFER];
    private int length = BODY;
    private int envelope;
    private int list;
    private long size;
    private int bodyCrc;
    private @Nullable LargeFile body;
    private @Nullable LargeFile longList;
    private volatile boolean placed;

    RecordDraft(LargeFiles files, long number, int largestInline) {
        this.files = files;
        this.number = number;
        this.largestInline = largestInline;
    }

    long number() {
        return number;
    }

    /** Adds to the message. */
    void body(byte[] bytes, int offset, int count) throws IOException {
        int from = offset;
        int left = count;
        while (left > 0) {
            int room = Math.min(left, largestInline - (length - BODY));
            if (room == 0) {
                spillBody();
                continue;
            }
            append(bytes, from, room);
            from += room;
            left -= room;
        }
    }

    /** The message is complete, and this is where it comes from. */
    void sender(String sender) throws IOException {
        endBody();
        envelope = length;
        byte[] bytes = Octets.of(sender);
        append(bytes, 0, bytes.length);
        append(new byte[1], 0, 1);
        list = length;
    }

    /** What stands between the sender and the recipients, and always in the record itself. */
    void besideSender(byte[] bytes) {
        append(bytes, 0, bytes.length);
        list = length;
    }

    /** Adds to the list of recipients and what belongs to them: not more than a few kilobytes at a time. */
    void list(byte[] bytes, int offset, int count) throws IOException {
        if (length - envelope + count > MOST_ENVELOPE_INLINE) {
            spillList();
        }
        append(bytes, offset, count);
    }

    /** Makes the files durable and fills in the head. */
    void complete(Instant birth, int uid, int recipients, int kind) throws IOException {
        LargeFile file = longList;
        if (file != null) {
            spillList();
            file.complete();
            reserve(Long.BYTES + Integer.BYTES);
            RecordFormat.putLong(record, length, file.size());
            RecordFormat.putInt(record, length + Long.BYTES, file.crc());
            length += Long.BYTES + Integer.BYTES;
        }
        if (body != null || longList != null) {
            files.force();
        }
        RecordFormat.begin(record, RecordFormat.ACCEPTED, number);
        RecordFormat.putLong(record, RecordFormat.BIRTH, birth.toEpochMilli());
        RecordFormat.putInt(record, RecordFormat.UID, uid);
        RecordFormat.putInt(record, RecordFormat.RECIPIENTS, recipients);
        RecordFormat.putLong(record, RecordFormat.SIZE, size);
        RecordFormat.putInt(record, RecordFormat.ENVELOPE_LENGTH, length - envelope);
        int storage =
                (body == null ? 0 : RecordFormat.LARGE_BODY) | (longList == null ? 0 : RecordFormat.LARGE_ENVELOPE);
        record[RecordFormat.STORAGE] = (byte) (storage | kind);
        RecordFormat.putInt(record, RecordFormat.BODY_CRC, bodyCrc);
        RecordFormat.putInt(record, RecordFormat.ENVELOPE_CRC, RecordFormat.crc(record, envelope, length - envelope));
    }

    /** The record, once it is complete; its first {@link #length} bytes count. */
    byte[] record() {
        return record;
    }

    int length() {
        return length;
    }

    /** The message that the complete record stands for. */
    QueuedMessage message() {
        int recipients = RecordFormat.getInt(record, RecordFormat.RECIPIENTS);
        return new QueuedMessage(number, new Piece(0, record, length), recipients, record[RecordFormat.STORAGE]);
    }

    /** From now on the record may be found by a start, whatever becomes of the attempt to write and force it. */
    void placed() {
        placed = true;
    }

    /**
     * Removes the files, unless the record may be in the journal all the same because a force failed: then the next start finds
     * it with its files, or removes them. A message without its text would be called damaged.
     */
    void abandon() {
        if (placed) {
            return;
        }
        if (body != null) {
            body.abandon();
        }
        if (longList != null) {
            longList.abandon();
        }
    }

    private void endBody() throws IOException {
        LargeFile file = body;
        if (file == null) {
            size = (long) length - BODY;
            bodyCrc = RecordFormat.crc(record, BODY, length - BODY);
            return;
        }
        spillBody();
        file.complete();
        size = file.size();
        bodyCrc = file.crc();
    }

    private void spillBody() throws IOException {
        LargeFile file = body;
        if (file == null) {
            file = files.createBody(number);
            body = file;
        }
        file.write(record, BODY, length - BODY);
        length = BODY;
    }

    private void spillList() throws IOException {
        LargeFile file = longList;
        if (file == null) {
            file = files.createRecipients(number);
            longList = file;
        }
        file.write(record, list, length - list);
        length = list;
    }

    private void append(byte[] bytes, int offset, int count) {
        reserve(count);
        System.arraycopy(bytes, offset, record, length, count);
        length += count;
    }

    private void reserve(int more) {
        if (record.length - length < more) {
            record = Arrays.copyOf(record, Math.max(length + more, 2 * record.length));
        }
    }
}
