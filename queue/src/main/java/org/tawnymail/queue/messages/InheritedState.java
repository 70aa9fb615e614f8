package org.tawnymail.queue.messages;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.Routing;
import org.tawnymail.queue.journal.Journal;

/**
 * Makes records of their own of what the record of an adopted message says about its recipients, so that everything else may
 * treat it like any message. Routing comes last: as long as it is not complete, a start does it all again.
 */
final class InheritedState {

    private final Journal journal;
    private final LargeFiles files;
    private final Changes changes;
    private final RoutingRecords routings;

    InheritedState(Journal journal, LargeFiles files, Changes changes, RoutingRecords routings) {
        this.journal = journal;
        this.files = files;
        this.changes = changes;
        this.routings = routings;
    }

    /** Nothing happens to a message that has it already, or has no such state. */
    void unfold(QueuedMessage message) throws IOException {
        synchronized (message) {
            if (!message.wasRoutedElsewhere() || message.isRouted() || message.isFinished()) {
                return;
            }
            AcceptedRecord record = AcceptedRecord.of(message, journal);
            try (Recipients recipients = record.open(files)) {
                for (int i = 0; i < message.recipients; i++) {
                    if (recipients.next().charAt(0) == AdoptedDraft.DONE) {
                        message.markDone(i);
                    }
                }
                bounceText(message, recipients.rest());
            }
            Heritage heritage = record.heritage();
            for (Channel channel : Channel.values()) {
                message.due(channel, heritage.due(channel));
            }
            for (byte[] mark : MarkRecords.allOf(message)) {
                changes.mark(message, mark);
            }
            routings.route(message, record, InheritedState::routing);
        }
    }

    private static Routing routing(String entry) {
        return new Routing(MarkRecords.channel((byte) entry.charAt(1)), entry.substring(2));
    }

    /** Its pieces are cut in the same way each time, so those of an earlier try are known by their numbers. */
    private void bounceText(QueuedMessage message, InputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            return;
        }
        if (first != AdoptedDraft.BOUNCE) {
            throw new EOFException("the recipients of message " + message.number + " are damaged");
        }
        byte[] text = in.readNBytes(MarkRecords.PART);
        int next = 0;
        do {
            if (message.bounceAt(next) == null) {
                byte[] record = MarkRecords.bounce(message.number, message.bounceEpoch(), next, text, 0, text.length);
                Piece piece = new Piece(next, record, record.length);
                message.addBounce(piece);
                changes.add(message, piece, record);
            }
            next++;
            text = in.readNBytes(MarkRecords.PART);
        } while (text.length > 0);
    }
}
