package org.tawnymail.queue.messages;

import static org.tawnymail.queue.journal.RecordFormat.BODY;
import static org.tawnymail.queue.journal.RecordFormat.getInt;
import static org.tawnymail.queue.journal.RecordFormat.getLong;

import java.io.IOException;
import java.util.Arrays;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.journal.Journal;
import org.tawnymail.queue.journal.RecordFormat;

/**
 * The record of an accepted message as it lies on the disk, whole or not: nothing in it is believed before it has agreed with
 * something. {@link AcceptedRecord} is for one that holds.
 */
final class RawRecord {

    private final byte[] record;
    private final boolean hasPlaces;

    RawRecord(byte[] record) {
        this.record = record;
        long body = isBodyLarge() ? 0 : size();
        this.hasPlaces = record.length >= BODY
                && body >= 0
                && envelopeLength() >= 1
                && BODY + body + envelopeLength() == record.length;
    }

    /** As much of it as the disk gives. */
    static RawRecord of(QueuedMessage message, Journal journal) throws IOException {
        byte[] bytes;
        try {
            bytes = message.accepted.bytes(journal);
        } catch (Journal.Damaged damaged) {
            bytes = journal.readAsIs(message.accepted.place(), message.accepted.length());
        }
        return new RawRecord(Arrays.copyOf(bytes, message.accepted.length()));
    }

    /** Whether body and envelope fill the record as its head says, so that one knows where they are. */
    boolean hasPlaces() {
        return hasPlaces;
    }

    byte[] bytes() {
        return record;
    }

    long birth() {
        return getLong(record, RecordFormat.BIRTH);
    }

    long size() {
        return getLong(record, RecordFormat.SIZE);
    }

    boolean isBodyLarge() {
        return has(RecordFormat.LARGE_BODY);
    }

    boolean isEnvelopeLarge() {
        return has(RecordFormat.LARGE_ENVELOPE);
    }

    boolean isAdoptedRouted() {
        return has(RecordFormat.ADOPTED_ROUTED);
    }

    private boolean has(int bit) {
        return (record[RecordFormat.STORAGE] & bit) != 0;
    }

    int bodyCrc() {
        return getInt(record, RecordFormat.BODY_CRC);
    }

    /** Bytes of the body in the record; if nobody knows, all there is. */
    int bodyLength() {
        if (!hasPlaces) {
            return Math.max(0, record.length - BODY);
        }
        return isBodyLarge() ? 0 : (int) size();
    }

    boolean isBodyWhole() {
        return hasPlaces && RecordFormat.crc(record, BODY, bodyLength()) == bodyCrc();
    }

    private int envelopeLength() {
        return getInt(record, RecordFormat.ENVELOPE_LENGTH);
    }

    private int envelopeFrom() {
        return BODY + bodyLength();
    }

    boolean isEnvelopeWhole() {
        return hasPlaces
                && RecordFormat.crc(record, envelopeFrom(), envelopeLength())
                        == getInt(record, RecordFormat.ENVELOPE_CRC);
    }

    String sender() {
        return Octets.text(record, envelopeFrom(), senderEnd() - envelopeFrom());
    }

    private int senderEnd() {
        int at = envelopeFrom();
        while (at < record.length && record[at] != 0) {
            at++;
        }
        return at;
    }

    /** Where the recipients begin, or what says where they are. */
    int listFrom() {
        int from = senderEnd() + 1 + (has(RecordFormat.ADOPTED) ? Heritage.BYTES : 0);
        return Math.min(from, record.length);
    }

    int listTo() {
        return record.length;
    }

    /** Bytes of the file with the recipients; only of an envelope that is whole. */
    long listSize() {
        return getLong(record, listFrom());
    }

    int listCrc() {
        return getInt(record, listFrom() + Long.BYTES);
    }
}
