package org.tawnymail.queue.messages;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.journal.Journal;

/**
 * The recipients of a message who are not done, from the best source that can be read: as they were submitted; else as they
 * were routed; else what a damaged list looks like.
 */
final class RemainingRecipients {

    private final QueuedMessage message;
    private final RawRecord record;
    private final Journal journal;
    private final LargeFiles files;
    private final UnaryOperator<String> asSubmitted;

    RemainingRecipients(
            QueuedMessage message,
            RawRecord record,
            Journal journal,
            LargeFiles files,
            UnaryOperator<String> asSubmitted) {
        this.message = message;
        this.record = record;
        this.journal = journal;
        this.files = files;
        this.asSubmitted = asSubmitted;
    }

    /** How many there are. */
    int count() throws IOException {
        int left = 0;
        for (int i = 0; i < message.recipients; i++) {
            left += message.isDone(i) ? 0 : 1;
        }
        if (!bringsMarks() || !record.isEnvelopeWhole() || !isListWhole()) {
            return left;
        }
        int undone = 0;
        try (Recipients recipients = open()) {
            for (int i = 0; i < message.recipients; i++) {
                undone += isDone(recipients.next()) ? 0 : 1;
            }
        }
        return undone;
    }

    /** Whether the marks of an old queue are in the record itself, because nobody has taken them out of it yet. */
    private boolean bringsMarks() {
        return record.isAdoptedRouted() && !message.isRouted();
    }

    private boolean isDone(String entry) {
        return !entry.isEmpty() && entry.charAt(0) == AdoptedDraft.DONE;
    }

    private boolean isListWhole() throws IOException {
        return !record.isEnvelopeLarge()
                || files.isRecipientsWhole(message.number, record.listSize(), record.listCrc());
    }

    private Recipients open() throws IOException {
        return record.isEnvelopeLarge()
                ? Recipients.in(files.openRecipients(message.number, record.listSize(), record.listCrc()))
                : Recipients.in(record.bytes(), record.listFrom(), record.listTo());
    }

    /**
     * Writes them as an envelope has them.
     *
     * @return whether they are surely what they were
     */
    boolean write(OutputStream out) throws IOException {
        if (record.isEnvelopeWhole() && isListWhole()) {
            try (Recipients recipients = open()) {
                for (int i = 0; i < message.recipients; i++) {
                    writeEntry(i, recipients.next(), out);
                }
            }
            return true;
        }
        Optional<List<byte[]>> routing = routing();
        if (routing.isPresent()) {
            writeRouted(routing.get(), out);
            return true;
        }
        writeByTheLook(out);
        return false;
    }

    /** The records with the routing decisions, if they are all there. */
    private Optional<List<byte[]>> routing() throws IOException {
        if (!message.isRouted()) {
            return Optional.empty();
        }
        List<byte[]> parts = new ArrayList<>();
        for (Piece piece : message.routing()) {
            try {
                parts.add(piece.bytes(journal));
            } catch (Journal.Damaged damaged) {
                return Optional.empty();
            }
        }
        return Optional.of(parts);
    }

    private void writeRouted(List<byte[]> parts, OutputStream out) throws IOException {
        for (int i = 0; i < parts.size(); i++) {
            Piece piece = message.routing().get(i);
            byte[] part = parts.get(i);
            int recipient = piece.index();
            int at = MarkRecords.ROUTED_ENTRIES;
            while (at < piece.length()) {
                int end = at + 1;
                while (part[end] != 0) {
                    end++;
                }
                write(recipient++, routed(Octets.text(part, at, end - at)), out);
                at = end + 1;
            }
        }
    }

    private void writeByTheLook(OutputStream out) throws IOException {
        InputStream in = record.isEnvelopeLarge()
                ? files.recipientsAsIs(message.number)
                : new ByteArrayInputStream(record.bytes(), record.listFrom(), record.listTo() - record.listFrom());
        try (Recipients recipients = Recipients.in(in)) {
            for (int i = 0; i < message.recipients; i++) {
                Optional<String> address = recipients.nextIfAny();
                if (address.isEmpty()) {
                    return;
                }
                writeEntry(i, address.get(), out);
            }
        }
    }

    private void writeEntry(int recipient, String entry, OutputStream out) throws IOException {
        if (!record.isAdoptedRouted() || entry.length() < 2) {
            write(recipient, entry, out);
        } else if (!bringsMarks() || !isDone(entry)) {
            write(recipient, routed(entry.substring(1)), out);
        }
    }

    private void write(int recipient, String address, OutputStream out) throws IOException {
        if (!message.isDone(recipient)) {
            out.write(Octets.of("T" + address + "\0"));
        }
    }

    /** Of a routing decision: a channel, an address. */
    private String routed(String entry) {
        String address = entry.substring(1);
        return entry.charAt(0) == MarkRecords.LOCAL ? asSubmitted.apply(address) : address;
    }

    /** The bounce text that an old queue had, if it is in the record still: nothing or all of it. */
    Optional<InputStream> inheritedBounce() throws IOException {
        if (!bringsMarks() || !record.isEnvelopeWhole() || !isListWhole()) {
            return Optional.empty();
        }
        Recipients recipients = open();
        for (int i = 0; i < message.recipients; i++) {
            recipients.next();
        }
        InputStream rest = recipients.rest();
        if (rest.read() == AdoptedDraft.BOUNCE) {
            return Optional.of(rest);
        }
        recipients.close();
        return Optional.empty();
    }
}
