package org.tawnymail.queue.messages;

import static org.tawnymail.queue.journal.RecordFormat.BODY;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.QueueExit;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.journal.RecordFormat;

/**
 * A submission straight into the journal. The record is built where it lies: head, message and envelope in one array, which
 * grows up to {@link QueueOptions#largestInline}; a larger message is streamed to a file, with the array as its buffer.
 */
final class JournalSubmission implements Submission {

    /** The longest address, core spec, section 2.1. */
    private static final int LONGEST_ADDRESS = 1002;

    /** An envelope that is longer keeps its recipients in a file. */
    static final int MOST_ENVELOPE_INLINE = 64 << 10;

    private static final int FIRST_BUFFER = 8 << 10;

    private final JournalQueue queue;
    private final long number;
    private final int uid;
    private final int largestInline;

    private byte[] record = new byte[FIRST_BUFFER];
    private int length = BODY;
    private @Nullable LargeFile body;
    private @Nullable LargeFile recipients;
    private @Nullable IOException trouble;
    private boolean over;

    JournalSubmission(JournalQueue queue, long number, int uid, int largestInline, byte[] received) {
        this.queue = queue;
        this.number = number;
        this.uid = uid;
        this.largestInline = largestInline;
        write(received, 0, received.length);
    }

    /** A submission that cannot succeed. */
    static JournalSubmission failed(JournalQueue queue, IOException trouble) {
        JournalSubmission failed = new JournalSubmission(queue, 0, 0, 1, new byte[0]);
        failed.trouble = trouble;
        return failed;
    }

    @Override
    public OutputStream message() {
        return new OutputStream() {
            @Override
            public void write(int octet) {
                JournalSubmission.this.write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int count) {
                JournalSubmission.this.write(bytes, offset, count);
            }
        };
    }

    private void write(byte[] bytes, int offset, int count) {
        int from = offset;
        int left = count;
        while (left > 0 && trouble == null && !over) {
            int room = Math.min(left, largestInline - (length - BODY));
            if (room == 0) {
                spill();
                continue;
            }
            reserve(room);
            System.arraycopy(bytes, from, record, length, room);
            length += room;
            from += room;
            left -= room;
        }
    }

    private void reserve(int more) {
        if (record.length - length < more) {
            record = Arrays.copyOf(record, Math.max(length + more, 2 * record.length));
        }
    }

    /** Writes the part of the message that is in memory to its file. */
    private void spill() {
        try {
            LargeFile file = body;
            if (file == null) {
                file = queue.files().createBody(number);
                body = file;
            }
            file.write(record, BODY, length - BODY);
            length = BODY;
        } catch (IOException e) {
            trouble = e;
        }
    }

    @Override
    public QueueResult commit(String sender, Iterable<String> addresses) {
        if (over) {
            throw new IllegalStateException("committed or closed before");
        }
        try {
            QueueResult result = trouble == null ? submit(sender, addresses) : refuse(trouble);
            over = result instanceof QueueResult.Accepted;
            return result;
        } catch (IOException e) {
            return refuse(e);
        } finally {
            close();
        }
    }

    private QueueResult refuse(IOException why) {
        queue.tellOfTrouble(why);
        return new QueueResult.Refused(false, QueueExit.WRITE_ERROR);
    }

    private QueueResult submit(String sender, Iterable<String> addresses) throws IOException {
        LargeFile large = body;
        long size = (long) length - BODY;
        int crc;
        if (large != null) {
            spill();
            if (trouble != null) {
                throw trouble;
            }
            large.complete();
            size = large.size();
            crc = large.crc();
        } else {
            crc = RecordFormat.crc(record, BODY, length - BODY);
        }
        int envelope = length;
        if (!append(sender)) {
            return badAddress(sender);
        }
        int count = 0;
        for (Iterable<String> some : List.of(queue.extraRecipients(), addresses)) {
            for (String address : some) {
                if (!append(address)) {
                    return badAddress(address);
                }
                count++;
                if (length - envelope > MOST_ENVELOPE_INLINE - LONGEST_ADDRESS - 1) {
                    spillRecipients(envelope + sender.length() + 1);
                }
            }
        }
        if (recipients != null) {
            completeRecipients(envelope + sender.length() + 1);
        }
        if (large != null || recipients != null) {
            queue.files().force();
        }
        fillHead(count, size, crc, envelope);
        return queue.accept(number, record, length, count, large != null || recipients != null);
    }

    /** Appends an address and a NUL, unless no such address can be. */
    private boolean append(String address) {
        int octets = address.length();
        if (octets > LONGEST_ADDRESS || address.indexOf('\0') >= 0) {
            return false;
        }
        reserve(octets + 1);
        byte[] bytes = Octets.of(address);
        System.arraycopy(bytes, 0, record, length, octets);
        record[length + octets] = 0;
        length += octets + 1;
        return true;
    }

    private static QueueResult badAddress(String address) {
        return address.length() > LONGEST_ADDRESS
                ? new QueueResult.Refused(true, QueueExit.ADDRESS_TOO_LONG)
                : new QueueResult.Refused(false, QueueExit.INTERNAL_BUG);
    }

    private void spillRecipients(int from) throws IOException {
        LargeFile file = recipients;
        if (file == null) {
            file = queue.files().createRecipients(number);
            recipients = file;
        }
        file.write(record, from, length - from);
        length = from;
    }

    private void completeRecipients(int from) throws IOException {
        spillRecipients(from);
        LargeFile file = recipients;
        if (file != null) {
            file.complete();
            reserve(Long.BYTES + Integer.BYTES);
            RecordFormat.putLong(record, length, file.size());
            RecordFormat.putInt(record, length + Long.BYTES, file.crc());
            length += Long.BYTES + Integer.BYTES;
        }
    }

    private void fillHead(int count, long size, int bodyCrc, int envelope) {
        RecordFormat.begin(record, RecordFormat.ACCEPTED, number);
        RecordFormat.putLong(record, RecordFormat.BIRTH, queue.now().toEpochMilli());
        RecordFormat.putInt(record, RecordFormat.UID, uid);
        RecordFormat.putInt(record, RecordFormat.RECIPIENTS, count);
        RecordFormat.putLong(record, RecordFormat.SIZE, size);
        RecordFormat.putInt(record, RecordFormat.ENVELOPE_LENGTH, length - envelope);
        record[RecordFormat.STORAGE] = (byte)
                ((body == null ? 0 : RecordFormat.LARGE_BODY) | (recipients == null ? 0 : RecordFormat.LARGE_ENVELOPE));
        RecordFormat.putInt(record, RecordFormat.BODY_CRC, bodyCrc);
        RecordFormat.putInt(record, RecordFormat.ENVELOPE_CRC, RecordFormat.crc(record, envelope, length - envelope));
    }

    @Override
    public void close() {
        if (over) {
            return;
        }
        over = true;
        if (body != null) {
            body.abandon();
        }
        if (recipients != null) {
            recipients.abandon();
        }
    }
}
