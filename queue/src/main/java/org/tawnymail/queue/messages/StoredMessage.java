package org.tawnymail.queue.messages;

import java.io.IOException;
import java.util.function.Consumer;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.program.SeekableInput;
import org.tawnymail.queue.DamagedMessage;
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
    private final Consumer<String> log;

    StoredMessage(QueuedMessage message, long size, Journal journal, LargeFiles files, Consumer<String> log) {
        this.message = message;
        this.size = size;
        this.journal = journal;
        this.files = files;
        this.log = log;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public SeekableInput open() throws IOException {
        boolean fresh = message.accepted.isInMemory();
        AcceptedRecord record = AcceptedRecord.of(message, journal);
        if (record.isBodyLarge()) {
            return files.openBody(message.number, size, record.bodyCrc(), this::verdict);
        }
        boolean whole = fresh || record.isBodyWhole();
        String what = whole ? "" : "its text, in " + journal.keep(message.accepted.place()) + ", is not what it was";
        verdict(whole, what);
        if (!whole) {
            throw new DamagedMessage(message.number, what);
        }
        return new BytesInput(record.bytes(), RecordFormat.BODY, (int) size);
    }

    /** Damage is told once, whoever else comes to read it. */
    private void verdict(boolean whole, String what) {
        if (message.textDamaged(!whole)) {
            log.accept("queue: message " + message.number + " is damaged: " + what);
        }
    }
}
