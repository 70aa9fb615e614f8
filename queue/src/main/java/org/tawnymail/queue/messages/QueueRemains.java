package org.tawnymail.queue.messages;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.journal.Damage;
import org.tawnymail.queue.journal.Journal;
import org.tawnymail.queue.journal.RecordFormat;
import org.tawnymail.queue.journal.SegmentJournal;

/**
 * The queue as somebody sees it who wants to have out of it whatever can be read. It changes nothing and needs no lock. In memory
 * there are some two hundred bytes for each message.
 */
public final class QueueRemains implements AutoCloseable {

    private final SegmentJournal journal;
    private final LargeFiles files;
    private final UnaryOperator<String> asSubmitted;
    private final MessageTable table = new MessageTable();

    private QueueRemains(SegmentJournal journal, LargeFiles files, UnaryOperator<String> asSubmitted) {
        this.journal = journal;
        this.files = files;
        this.asSubmitted = asSubmitted;
    }

    /**
     * Reads the journal.
     *
     * @param asSubmitted makes of a local recipient's address as it was routed what it was before
     * @param log takes one line for each file that cannot be used as it is
     * @param damages takes each place of a segment that does not hold
     * @throws IOException if there is no journal, or it may not be read
     */
    public static QueueRemains look(
            Disk disk, Path queue, UnaryOperator<String> asSubmitted, Consumer<String> log, Consumer<Damage> damages)
            throws IOException {
        QueueRemains remains = new QueueRemains(
                SegmentJournal.look(disk, queue, log, damages), LargeFiles.look(disk, queue), asSubmitted);
        remains.journal.replay(remains.table);
        return remains;
    }

    /** The numbers of all messages that are not finished, ascending. */
    public List<Long> messages() {
        return table.numbers();
    }

    /** Whether one of them has this number. */
    public boolean knows(long number) {
        return table.get(number) != null;
    }

    /**
     * What is left of one of them.
     *
     * @throws Journal.Gone if the owner of the queue has finished it meanwhile
     */
    public Remains of(long number) throws IOException {
        QueuedMessage message = table.get(number);
        if (message == null) {
            throw new Journal.Gone("message " + number + " is gone");
        }
        return new Remains(message, journal, files, asSubmitted);
    }

    /**
     * What is left of a message whose record has a head that does not hold: which of its recipients are done, nobody knows.
     *
     * @param name for its files
     * @param record with body and envelope that agree with their checksums
     */
    public Remains of(String name, byte[] record) throws IOException {
        RawRecord raw = new RawRecord(record);
        long number = RecordFormat.getLong(record, RecordFormat.MESSAGE);
        InputStream list = raw.isEnvelopeLarge()
                ? files.recipientsAsIs(number)
                : new ByteArrayInputStream(record, raw.listFrom(), raw.listTo() - raw.listFrom());
        // How many there are, the head says too, and it is not to be trusted.
        QueuedMessage message = new QueuedMessage(
                number, new Piece(0, record, record.length), entries(list), record[RecordFormat.STORAGE]);
        return new Remains(name, false, message, journal, files, asSubmitted);
    }

    private static int entries(InputStream list) throws IOException {
        int count = 0;
        try (list) {
            for (int octet = list.read(); octet >= 0; octet = list.read()) {
                count += octet == 0 ? 1 : 0;
            }
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
