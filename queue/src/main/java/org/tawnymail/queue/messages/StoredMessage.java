package org.tawnymail.queue.messages;

import java.io.IOException;
import java.util.zip.CRC32C;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.program.SeekableInput;
import org.tawnymail.queue.journal.Journal;
import org.tawnymail.queue.journal.RecordFormat;

/**
 * The bytes of a message. One that lies in the journal is read at once when it is opened, and checked, so it stays readable
 * whatever becomes of its segment; one in a file of its own is read as it is asked for.
 */
final class StoredMessage implements MessageSource {

    private final QueuedMessage message;
    private final long size;
    private final Journal journal;
    private final LargeFiles files;

    StoredMessage(QueuedMessage message, long size, Journal journal, LargeFiles files) {
        this.message = message;
        this.size = size;
        this.journal = journal;
        this.files = files;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public SeekableInput open() throws IOException {
        boolean fresh = message.accepted.isInMemory();
        AcceptedRecord record = new AcceptedRecord(message.accepted.bytes(journal));
        if (record.isBodyLarge()) {
            return files.openBody(message.number, size, record.bodyCrc());
        }
        if (!fresh && crc(record.bytes(), (int) size) != record.bodyCrc()) {
            throw new IOException("message " + message.number + " is damaged in the journal");
        }
        return new BytesInput(record.bytes(), RecordFormat.BODY, (int) size);
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, RecordFormat.BODY, length);
        return (int) crc.getValue();
    }
}
