package org.tawnymail.queue.messages;

import org.tawnymail.queue.journal.JournalLimits;
import org.tawnymail.queue.journal.RecordFormat;

/**
 * How the queue uses memory and disk.
 *
 * @param journal how large the files of the journal are
 * @param largestInline bytes of a message that still go into the journal; a larger one gets a file of its own. It is also
 *     the most memory that a submission takes, besides its envelope
 * @param freshBytes memory for the newest messages, so that they need not be read back for their delivery
 * @param uid the user id that is noted for mail submitted within this process
 */
public record QueueOptions(JournalLimits journal, int largestInline, long freshBytes, int uid) {

    /**
     * 64 kB inline: a file of its own costs three forces (file, directory, journal) and two more changes of the file
     * system when it goes, some 3 ms on ext4 with a good disk, which is what the journal needs for hundreds of kB.
     */
    public static final QueueOptions DEFAULT = new QueueOptions(JournalLimits.DEFAULT, 64 << 10, 16L << 20, 0);

    public QueueOptions {
        if (largestInline < 1024
                || largestInline + JournalSubmission.MOST_ENVELOPE_INLINE + 1024 > RecordFormat.LONGEST) {
            throw new IllegalArgumentException("inline messages of " + largestInline + " bytes");
        }
    }

    public QueueOptions withUid(int changed) {
        return new QueueOptions(journal, largestInline, freshBytes, changed);
    }

    public QueueOptions withJournal(JournalLimits changed) {
        return new QueueOptions(changed, largestInline, freshBytes, uid);
    }
}
