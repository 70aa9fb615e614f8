package org.tawnymail.queue.messages;

import static org.tawnymail.queue.journal.RecordFormat.BODY;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.journal.Journal;

/**
 * What can still be read of one message, as files for a person who knows qmail:
 *
 * <ul>
 *   <li>{@code N.msg}, the text, and {@code N.env}, the envelope with the recipients who are left, both as qmail-queue reads
 *       them: what has these names agrees with its checksums;
 *   <li>{@code N.damaged} and {@code N.env.damaged}, a text or an envelope that does not;
 *   <li>{@code N.bounce}, what its sender has not been told yet about recipients that failed.
 * </ul>
 *
 * <p>There is no envelope if nobody is left.
 */
public final class Remains {

    /** The state of one part. */
    public enum Part {
        WHOLE,
        DAMAGED,
        MISSING;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final String name;
    private final boolean isProven;
    private final QueuedMessage message;
    private final Journal journal;
    private final LargeFiles files;
    private final RawRecord record;
    private final RemainingRecipients recipients;

    private final int left;
    private Part text = Part.MISSING;
    private Part envelope = Part.MISSING;
    private boolean anyBounce;

    /** @param asSubmitted makes of a local recipient's address as it was routed what it was before */
    Remains(QueuedMessage message, Journal journal, LargeFiles files, UnaryOperator<String> asSubmitted)
            throws IOException {
        this(Long.toString(message.number), true, message, journal, files, asSubmitted);
    }

    /**
     * @param name what stands for N in the names of the files
     * @param isProven whether the head of its record holds; if not, no text is taken for whole
     */
    Remains(
            String name,
            boolean isProven,
            QueuedMessage message,
            Journal journal,
            LargeFiles files,
            UnaryOperator<String> asSubmitted)
            throws IOException {
        this.name = name;
        this.isProven = isProven;
        this.message = message;
        this.journal = journal;
        this.files = files;
        this.record = RawRecord.of(message, journal);
        this.recipients = new RemainingRecipients(message, record, journal, files, asSubmitted);
        this.left = recipients.count();
    }

    public Part text() {
        return text;
    }

    public Part envelope() {
        return envelope;
    }

    /** The sender, as far as it can be read. */
    public String sender() {
        return record.hasPlaces() ? record.sender() : "";
    }

    public Instant birth() {
        return Instant.ofEpochMilli(record.birth());
    }

    /** How many of its recipients are not done. */
    public int left() {
        return left;
    }

    public boolean isWhole() {
        return isProven && text == Part.WHOLE && envelope == Part.WHOLE;
    }

    /** In one line: which parts are whole, and who is left. */
    public String words() {
        return "text " + text.word() + ", envelope " + envelope.word() + ", " + left + " of " + message.recipients
                + " recipients left" + (anyBounce ? ", bounce text" : "");
    }

    /** Writes the files. */
    public Remains write(Shelf shelf) throws IOException {
        writeText(shelf);
        writeEnvelope(shelf);
        writeBounce(shelf);
        return this;
    }

    private void writeText(Shelf shelf) throws IOException {
        String damaged = name + ".damaged";
        if (record.hasPlaces() && record.isBodyLarge()) {
            text = files.copyBody(message.number, record.size(), record.bodyCrc(), shelf, damaged);
        } else {
            try (OutputStream out = shelf.create(damaged)) {
                out.write(record.bytes(), BODY, record.bodyLength());
            }
            text = record.isBodyWhole() ? Part.WHOLE : Part.DAMAGED;
        }
        if (text == Part.WHOLE && isProven) {
            shelf.rename(damaged, name + ".msg");
        }
    }

    private void writeEnvelope(Shelf shelf) throws IOException {
        if (!record.hasPlaces()) {
            return;
        }
        envelope = record.isEnvelopeWhole() ? Part.WHOLE : Part.DAMAGED;
        if (left == 0) {
            return;
        }
        String damaged = name + ".env.damaged";
        try (OutputStream out = shelf.create(damaged)) {
            out.write(Octets.of("F" + record.sender() + "\0"));
            if (!recipients.write(out)) {
                envelope = Part.DAMAGED;
            }
            out.write(0);
        }
        if (envelope == Part.WHOLE) {
            shelf.rename(damaged, name + ".env");
        }
    }

    private void writeBounce(Shelf shelf) throws IOException {
        List<Piece> pieces = message.bounceText();
        Optional<InputStream> inherited = pieces.isEmpty() ? recipients.inheritedBounce() : Optional.empty();
        anyBounce = !pieces.isEmpty() || inherited.isPresent();
        if (!anyBounce) {
            return;
        }
        try (OutputStream out = shelf.create(name + ".bounce")) {
            for (Piece piece : pieces) {
                write(piece, out);
            }
            if (inherited.isPresent()) {
                try (InputStream in = inherited.get()) {
                    in.transferTo(out);
                }
            }
        }
    }

    private void write(Piece piece, OutputStream out) throws IOException {
        try {
            byte[] bytes = piece.bytes(journal);
            out.write(bytes, MarkRecords.BOUNCE_TEXT, piece.length() - MarkRecords.BOUNCE_TEXT);
        } catch (Journal.Damaged damaged) {
            out.write(Octets.of("(Here a part of this text is lost: " + damaged.getMessage() + ")\n\n"));
        }
    }
}
