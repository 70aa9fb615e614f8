package org.tawnymail.queue.messages;

import java.io.IOException;
import java.util.List;
import org.tawnymail.base.control.ControlFile;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.queue.journal.JournalLimits;
import org.tawnymail.queue.journal.RecordFormat;

/**
 * How the queue uses memory and disk.
 *
 * @param journal how large the files of the journal are
 * @param largestInline bytes of a message that still go into the journal; a larger one gets a file of its own. It is also
 *     the most memory that a submission takes, besides its envelope
 * @param freshBytes memory for the newest messages, so that they need not be read back for their delivery
 * @param tableBytes memory for what has to be known of all messages, some 280 bytes each; mail beyond that is refused for the time
 *     being
 * @param uid the user id that is noted for mail submitted within this process
 * @param extraRecipients who gets every message besides its own recipients: qmail's QUEUE_EXTRA (core spec, section 2.5)
 */
public record QueueOptions(
        JournalLimits journal,
        int largestInline,
        long freshBytes,
        long tableBytes,
        int uid,
        List<String> extraRecipients) {

    /**
     * 64 kB inline: a file of its own costs three forces (file, directory, journal) and two more changes of the file
     * system when it goes, some 3 ms on ext4 with a good disk, which is what the journal needs for hundreds of kB.
     */
    public static final QueueOptions DEFAULT =
            new QueueOptions(JournalLimits.DEFAULT, 64 << 10, 16L << 20, tableBytesOfThisHeap(), 0, List.of());

    /** What a server needs besides the table: sessions, deliveries, fresh messages. */
    private static final long HEAP_FOR_THE_REST = 64L << 20;

    public QueueOptions {
        extraRecipients = List.copyOf(extraRecipients);
        if (largestInline < 1024 || largestInline + RecordDraft.MOST_ENVELOPE_INLINE + 1024 > RecordFormat.LONGEST) {
            throw new IllegalArgumentException("inline messages of " + largestInline + " bytes");
        }
    }

    /**
     * Of what the rest leaves, a collector wants a part free. That makes some 240,000 messages with a heap of 160 MB, and
     * 1,100,000 with 512 MB.
     */
    private static long tableBytesOfThisHeap() {
        long left = Math.max(Runtime.getRuntime().maxMemory() - HEAP_FOR_THE_REST, HEAP_FOR_THE_REST / 4);
        return left / 5 * 4;
    }

    /**
     * For the owner of a queue: mail submitted within it is this process's, and who is listed in control {@code queueextra}
     * gets every message.
     *
     * @throws IOException if the control file cannot be read
     */
    public static QueueOptions of(ControlFiles controls) throws IOException {
        return DEFAULT.withUid(ThisProcess.effectiveUid()).withExtraRecipients(controls.list(ControlFile.QUEUEEXTRA));
    }

    public QueueOptions withUid(int changed) {
        return new QueueOptions(journal, largestInline, freshBytes, tableBytes, changed, extraRecipients);
    }

    public QueueOptions withJournal(JournalLimits changed) {
        return new QueueOptions(changed, largestInline, freshBytes, tableBytes, uid, extraRecipients);
    }

    public QueueOptions withTableBytes(long changed) {
        return new QueueOptions(journal, largestInline, freshBytes, changed, uid, extraRecipients);
    }

    public QueueOptions withExtraRecipients(List<String> changed) {
        return new QueueOptions(journal, largestInline, freshBytes, tableBytes, uid, changed);
    }
}
