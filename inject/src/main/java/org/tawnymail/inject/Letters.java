package org.tawnymail.inject;

import java.util.Optional;
import org.tawnymail.message.header.FieldName;

/**
 * The letters of QMAILINJECT (core spec, section 3.2); those that mean nothing are ignored.
 *
 * @param nameAsComment c: a created From is {@code address (Name)}
 * @param dropReturnPath s: an incoming Return-Path counts as absent
 * @param dropFrom f: so does an incoming From
 * @param dropMessageId i: and an incoming Message-ID
 * @param senderPerRecipient r: VERP, every recipient's bounces come back to an address of their own
 * @param senderPerMessage m: the sender holds time and number of this message
 */
record Letters(
        boolean nameAsComment,
        boolean dropReturnPath,
        boolean dropFrom,
        boolean dropMessageId,
        boolean senderPerRecipient,
        boolean senderPerMessage) {

    static Letters of(Optional<String> value) {
        String letters = value.orElse("");
        return new Letters(
                letters.indexOf('c') >= 0,
                letters.indexOf('s') >= 0,
                letters.indexOf('f') >= 0,
                letters.indexOf('i') >= 0,
                letters.indexOf('r') >= 0,
                letters.indexOf('m') >= 0);
    }

    /** Whether such a field is deleted unread. */
    boolean drops(FieldName name) {
        return switch (name) {
            case RETURN_PATH -> dropReturnPath;
            case FROM -> dropFrom;
            case MESSAGE_ID -> dropMessageId;
            default -> false;
        };
    }
}
