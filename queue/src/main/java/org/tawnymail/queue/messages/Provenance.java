package org.tawnymail.queue.messages;

import java.time.Instant;

/**
 * The message file of an old qmail queue that a message was made from. The number alone does not say which message it is:
 * qmail uses the number of a removed message again, perhaps for one that came while the old queue was being adopted.
 *
 * @param number its number in the old queue
 * @param modified when the file was written, in nanoseconds since 1970
 * @param size its bytes
 */
public record Provenance(long number, long modified, long size) {

    private static final long NANOS_IN_SECOND = 1_000_000_000L;

    public static Provenance of(long number, Instant modified, long size) {
        return new Provenance(number, modified.getEpochSecond() * NANOS_IN_SECOND + modified.getNano(), size);
    }
}
