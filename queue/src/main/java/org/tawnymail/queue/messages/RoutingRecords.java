package org.tawnymail.queue.messages;

import static org.tawnymail.queue.journal.RecordFormat.PAYLOAD;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.Recipient;
import org.tawnymail.queue.RecipientPage;
import org.tawnymail.queue.Routing;
import org.tawnymail.queue.journal.Journal;
import org.tawnymail.queue.journal.RecordFormat;

/** Writes the routing of a message, and reads its recipients by pages: a page position is the index of a recipient. */
final class RoutingRecords {

    private static final int FIRST_BUFFER = 128;

    private final Journal journal;
    private final LargeFiles files;
    private final Changes changes;

    RoutingRecords(Journal journal, LargeFiles files, Changes changes) {
        this.journal = journal;
        this.files = files;
        this.changes = changes;
    }

    /** Decides for all recipients, of which only some are in memory at a time. The message's lock is held. */
    void route(QueuedMessage message, AcceptedRecord record, Function<String, Routing> decision) throws IOException {
        message.beginRouting();
        byte[] part = new byte[FIRST_BUFFER];
        int length = MarkRecords.ROUTED_ENTRIES;
        int first = 0;
        try (Recipients recipients = record.open(files)) {
            for (int i = 0; i < message.recipients; i++) {
                Routing routing = decision.apply(recipients.next());
                byte[] address = Octets.of(routing.address());
                if (length > MarkRecords.ROUTED_ENTRIES && length + address.length + 2 > MarkRecords.PART) {
                    add(message, part, length, first, i - first);
                    part = new byte[MarkRecords.PART];
                    length = MarkRecords.ROUTED_ENTRIES;
                    first = i;
                }
                if (part.length - length < address.length + 2) {
                    part = Arrays.copyOf(part, Math.max(length + address.length + 2, 2 * part.length));
                }
                part[length] = MarkRecords.letter(routing.channel());
                System.arraycopy(address, 0, part, length + 1, address.length);
                part[length + 1 + address.length] = 0;
                length += address.length + 2;
                message.route(routing.channel());
            }
        }
        add(message, part, length, first, message.recipients - first);
        message.completeRouting();
    }

    private void add(QueuedMessage message, byte[] part, int length, int first, int count) {
        RecordFormat.begin(part, RecordFormat.ROUTED, message.number);
        RecordFormat.putInt(part, PAYLOAD, first);
        RecordFormat.putInt(part, MarkRecords.ROUTED_COUNT, count);
        Piece piece = new Piece(first, part, length);
        message.addRouting(piece);
        changes.add(message, piece, part);
    }

    /** Some recipients of one channel who are not done. The message's lock is held. */
    RecipientPage page(QueuedMessage message, Channel channel, long from, int limit) throws IOException {
        if (!message.isRouted()) {
            throw new IOException("message " + message.number + " is not routed");
        }
        List<Recipient> found = new ArrayList<>(Math.min(limit, message.recipients));
        List<Piece> pieces = message.routing();
        int left = message.remaining(channel);
        for (int i = 0; left > 0 && i < pieces.size(); i++) {
            int end = i + 1 < pieces.size() ? pieces.get(i + 1).index() : message.recipients;
            if (end <= from) {
                continue;
            }
            byte[] part = pieces.get(i).bytes(journal);
            int at = MarkRecords.ROUTED_ENTRIES;
            for (int recipient = pieces.get(i).index(); recipient < end; recipient++) {
                int start = at + 1;
                at = start;
                while (part[at] != 0) {
                    at++;
                }
                boolean wanted =
                        recipient >= from && message.channelOf(recipient) == channel && !message.isDone(recipient);
                if (wanted) {
                    if (found.size() == limit) {
                        return new RecipientPage(found, recipient);
                    }
                    found.add(new Recipient(recipient, Octets.text(part, start, at - start)));
                }
                at++;
            }
        }
        return new RecipientPage(found, RecipientPage.END);
    }
}
