package org.tawnymail.queue.messages;

import org.tawnymail.queue.Channel;
import org.tawnymail.queue.journal.RecordFormat;

/**
 * What an adopted message brings from its old queue besides what every message has.
 *
 * <pre>
 *   0                8          16             24   32          40           48
 *   | number there   | modified | size there   | qp | local due | remote due |
 * </pre>
 *
 * @param provenance the file it was made from
 * @param qp the number of the process that submitted it; 0 if that is not known any more
 * @param localDue seconds since 1970 when its local recipients are due; {@link QueuedMessage#NOT_NOTED} if the old queue did not say
 * @param remoteDue the same for those on other hosts
 */
record Heritage(Provenance provenance, long qp, long localDue, long remoteDue) {

    static final int BYTES = 48;

    byte[] bytes() {
        byte[] bytes = new byte[BYTES];
        RecordFormat.putLong(bytes, 0, provenance.number());
        RecordFormat.putLong(bytes, 8, provenance.modified());
        RecordFormat.putLong(bytes, 16, provenance.size());
        RecordFormat.putLong(bytes, 24, qp);
        RecordFormat.putLong(bytes, 32, localDue);
        RecordFormat.putLong(bytes, 40, remoteDue);
        return bytes;
    }

    static Heritage read(byte[] record, int at) {
        return new Heritage(
                new Provenance(
                        RecordFormat.getLong(record, at),
                        RecordFormat.getLong(record, at + 8),
                        RecordFormat.getLong(record, at + 16)),
                RecordFormat.getLong(record, at + 24),
                RecordFormat.getLong(record, at + 32),
                RecordFormat.getLong(record, at + 40));
    }

    long due(Channel channel) {
        return channel == Channel.LOCAL ? localDue : remoteDue;
    }
}
