package org.tawnymail.queue.messages;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.DamagedMessage;
import org.tawnymail.queue.Envelope;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.journal.Journal;
import org.tawnymail.queue.journal.SegmentJournal;

/**
 * The queue as somebody sees it who only looks: the journal replayed, without its lock, while the owner may be at work.
 * What changes meanwhile may or may not be seen; a message that is gone by the time it is asked for is {@link Journal.Gone}.
 */
public final class QueueView implements AutoCloseable {

    /** Is shown the recipients of a message. */
    @FunctionalInterface
    public interface Listing {
        void recipient(Channel channel, String address, boolean done);
    }

    private final SegmentJournal journal;
    private final LargeFiles files;
    private final MessageTable table = new MessageTable();

    private QueueView(SegmentJournal journal, LargeFiles files) {
        this.journal = journal;
        this.files = files;
    }

    /** @throws IOException if there is no queue, or it may not be read */
    public static QueueView look(Disk disk, Path queue) throws IOException {
        QueueView view =
                new QueueView(SegmentJournal.look(disk, queue, line -> {}, damage -> {}), LargeFiles.look(disk, queue));
        view.journal.replay(view.table);
        return view;
    }

    /** The numbers of all messages, ascending. */
    public List<Long> messages() {
        return table.numbers();
    }

    public boolean isRouted(long number) throws Journal.Gone {
        return message(number).isRouted();
    }

    public boolean isBouncing(long number) throws Journal.Gone {
        return !message(number).bounceText().isEmpty();
    }

    /** @throws DamagedMessage if it is not what was accepted */
    public Envelope envelope(long number) throws IOException {
        return AcceptedRecord.of(message(number), journal).envelope();
    }

    /**
     * What is wrong with the text of a message, if it is not what was accepted. Of a file of its own it is only said whether it
     * is there and has its size.
     *
     * @throws DamagedMessage if the envelope is not what was accepted
     */
    public Optional<String> damage(long number) throws IOException {
        AcceptedRecord record = AcceptedRecord.of(message(number), journal);
        if (record.isBodyLarge()) {
            return files.lacks(number, record.size());
        }
        return record.isBodyWhole() ? Optional.empty() : Optional.of("its text is not what it was");
    }

    /** Shows the recipients of one channel, done or not, as long as not all of them are done. */
    public void recipients(long number, Channel channel, Listing listing) throws IOException {
        QueuedMessage message = message(number);
        if (message.remaining(channel) == 0) {
            return;
        }
        for (Piece piece : message.routing()) {
            byte[] part = piece.bytes(journal);
            int recipient = piece.index();
            int start = MarkRecords.ROUTED_ENTRIES + 1;
            for (int at = start; at < piece.length(); at++) {
                if (part[at] == 0) {
                    if (message.channelOf(recipient) == channel) {
                        listing.recipient(channel, Octets.text(part, start, at - start), message.isDone(recipient));
                    }
                    recipient++;
                    start = at + 2;
                    at++;
                }
            }
        }
    }

    private QueuedMessage message(long number) throws Journal.Gone {
        QueuedMessage message = table.get(number);
        if (message == null) {
            throw new Journal.Gone("message " + number + " is gone");
        }
        return message;
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
