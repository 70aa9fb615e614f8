package org.tawnymail.queue.messages;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * What an old queue knows of a message besides its bytes and its recipients.
 *
 * @param provenance the file with its bytes
 * @param sender the reverse-path as submitted
 * @param birth when it was accepted, from which retries and its end are counted
 * @param uid the user id of the submitter; {@link #UNKNOWN_UID} if it is not known any more
 * @param qp the number of the process that submitted it; 0 if it is not known any more
 * @param routed whether its recipients have been rewritten and given to a channel
 * @param localDue when a routed message is due here, in seconds since 1970
 * @param remoteDue when it is due for other hosts
 */
public record AdoptedEnvelope(
        Provenance provenance,
        String sender,
        Instant birth,
        int uid,
        long qp,
        boolean routed,
        OptionalLong localDue,
        OptionalLong remoteDue) {

    /** All ones: no account has it. */
    public static final int UNKNOWN_UID = -1;
}
