package org.tawnymail.message.header;

import java.util.Optional;
import org.tawnymail.base.Octets;

/** The names of header fields that mean something to qmail (core spec, section 3.4). */
public enum FieldName {
    SENDER("Sender"),
    FROM("From"),
    REPLY_TO("Reply-To"),
    TO("To"),
    CC("Cc"),
    BCC("Bcc"),
    DATE("Date"),
    MESSAGE_ID("Message-ID"),
    SUBJECT("Subject"),
    RESENT_SENDER("Resent-Sender"),
    RESENT_FROM("Resent-From"),
    RESENT_REPLY_TO("Resent-Reply-To"),
    RESENT_TO("Resent-To"),
    RESENT_CC("Resent-Cc"),
    RESENT_BCC("Resent-Bcc"),
    RESENT_DATE("Resent-Date"),
    RESENT_MESSAGE_ID("Resent-Message-ID"),
    RETURN_RECEIPT_TO("Return-Receipt-To"),
    ERRORS_TO("Errors-To"),
    APPARENTLY_TO("Apparently-To"),
    RECEIVED("Received"),
    RETURN_PATH("Return-Path"),
    DELIVERED_TO("Delivered-To"),
    CONTENT_LENGTH("Content-Length"),
    CONTENT_TYPE("Content-Type"),
    CONTENT_TRANSFER_ENCODING("Content-Transfer-Encoding"),
    NOTICE_REQUESTED_UPON_DELIVERY_TO("Notice-Requested-Upon-Delivery-To"),
    MAIL_FOLLOWUP_TO("Mail-Followup-To");

    private static final FieldName[] ALL = values();

    private final String written;

    FieldName(String written) {
        this.written = written;
    }

    /** The name as qmail writes it, without the colon. */
    public String written() {
        return written;
    }

    /** Whether the field tells of a message that was sent on (RFC 5322, section 3.6.6). */
    public boolean isResent() {
        return compareTo(RESENT_SENDER) >= 0 && compareTo(RESENT_MESSAGE_ID) <= 0;
    }

    /** The name that a text is, whatever the case of its letters. */
    public static Optional<FieldName> of(String name) {
        for (FieldName known : ALL) {
            if (Octets.equalIgnoringCase(known.written, name)) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }
}
