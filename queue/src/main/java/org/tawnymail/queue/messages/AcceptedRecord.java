package org.tawnymail.queue.messages;

import static org.tawnymail.queue.journal.RecordFormat.BODY;
import static org.tawnymail.queue.journal.RecordFormat.getInt;
import static org.tawnymail.queue.journal.RecordFormat.getLong;

import java.io.IOException;
import java.time.Instant;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.DamagedMessage;
import org.tawnymail.queue.Envelope;
import org.tawnymail.queue.journal.Journal;
import org.tawnymail.queue.journal.RecordFormat;

/**
 * The record of an accepted message, read: the layout is that of {@link RecordFormat}. The envelope in it is
 *
 * <pre>
 *   sender NUL ( recipient NUL ) ...                  the recipients are here
 *   sender NUL | bytes (8) | crc32c (4) |             the recipients are in large/N.to, each ended by NUL
 * </pre>
 *
 * <p>Behind the sender of an adopted message stands its {@link Heritage}. If it was routed where it comes from, each of its
 * recipients begins with a mark, {@code T} or {@code D}, and a channel, {@code L} or {@code R}; behind the last one there may
 * be a {@code B} and bounce text to the end.
 */
final class AcceptedRecord {

    private final byte[] record;

    /** @throws DamagedMessage if the envelope is damaged */
    AcceptedRecord(byte[] record) throws DamagedMessage {
        this.record = record;
        int length = envelopeLength();
        long end = (long) envelopeOffset() + length;
        if (length < 1
                || end > record.length
                || RecordFormat.crc(record, envelopeOffset(), length) != getInt(record, RecordFormat.ENVELOPE_CRC)) {
            throw new DamagedMessage(number(), "its envelope is not what it was");
        }
    }

    /**
     * Reads the record of a message.
     *
     * @throws DamagedMessage if it cannot be read any more, or its envelope is damaged
     */
    static AcceptedRecord of(QueuedMessage message, Journal journal) throws IOException {
        try {
            return new AcceptedRecord(message.accepted.bytes(journal));
        } catch (Journal.Damaged damaged) {
            throw new DamagedMessage(message.number, String.valueOf(damaged.getMessage()));
        } catch (DamagedMessage damaged) {
            throw new DamagedMessage(
                    message.number,
                    "its envelope, in " + journal.keep(message.accepted.place()) + ", is not what it was");
        }
    }

    long number() {
        return getLong(record, RecordFormat.MESSAGE);
    }

    long size() {
        return getLong(record, RecordFormat.SIZE);
    }

    int recipients() {
        return getInt(record, RecordFormat.RECIPIENTS);
    }

    boolean isBodyLarge() {
        return (record[RecordFormat.STORAGE] & RecordFormat.LARGE_BODY) != 0;
    }

    boolean isEnvelopeLarge() {
        return (record[RecordFormat.STORAGE] & RecordFormat.LARGE_ENVELOPE) != 0;
    }

    /** Whether a body that lies here is what was accepted. */
    boolean isBodyWhole() {
        return RecordFormat.crc(record, BODY, (int) size()) == bodyCrc();
    }

    int bodyCrc() {
        return getInt(record, RecordFormat.BODY_CRC);
    }

    byte[] bytes() {
        return record;
    }

    int envelopeOffset() {
        return isBodyLarge() ? BODY : BODY + (int) size();
    }

    int envelopeLength() {
        return getInt(record, RecordFormat.ENVELOPE_LENGTH);
    }

    Envelope envelope() {
        int sender = envelopeOffset();
        return new Envelope(
                number(),
                Instant.ofEpochMilli(getLong(record, RecordFormat.BIRTH)),
                size(),
                Octets.text(record, sender, senderEnd() - sender),
                isAdopted() ? heritage().qp() : number(),
                getInt(record, RecordFormat.UID),
                recipients());
    }

    private boolean isAdopted() {
        return (record[RecordFormat.STORAGE] & RecordFormat.ADOPTED) != 0;
    }

    /** Where an adopted message comes from. */
    Heritage heritage() {
        return Heritage.read(record, senderEnd() + 1);
    }

    private int senderEnd() {
        int at = envelopeOffset();
        while (record[at] != 0) {
            at++;
        }
        return at;
    }

    /** Where the recipients begin, or what says where they are. */
    int recipientsOffset() {
        return senderEnd() + 1 + (isAdopted() ? Heritage.BYTES : 0);
    }

    /** The recipients as submitted, one after the other. */
    Recipients open(LargeFiles files) throws IOException {
        int from = recipientsOffset();
        if (!isEnvelopeLarge()) {
            return Recipients.in(record, from, envelopeOffset() + envelopeLength());
        }
        return Recipients.in(files.openRecipients(number(), getLong(record, from), getInt(record, from + 8)));
    }
}
