package org.tawnymail.inject;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.tawnymail.base.address.MailAddress;
import org.tawnymail.base.control.ControlMap;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.time.Date822;
import org.tawnymail.message.header.FieldName;

/** The fields that qmail-inject puts in front of a header that lacks them (core spec, sections 3.7 and 3.10). */
final class CreatedFields {

    private final StringBuilder out;
    private final InjectSettings settings;
    private final OutgoingHeader header;

    CreatedFields(StringBuilder out, InjectSettings settings, OutgoingHeader header) {
        this.out = out;
        this.settings = settings;
        this.header = header;
    }

    /**
     * Appends them.
     *
     * @param now the time of this call
     * @param pid its number
     */
    void append(Instant now, long pid) throws Complaint {
        boolean resent = header.isResent();
        FieldName date = resent ? FieldName.RESENT_DATE : FieldName.DATE;
        FieldName messageId = resent ? FieldName.RESENT_MESSAGE_ID : FieldName.MESSAGE_ID;
        FieldName from = resent ? FieldName.RESENT_FROM : FieldName.FROM;
        FieldName to = resent ? FieldName.RESENT_TO : FieldName.TO;
        FieldName cc = resent ? FieldName.RESENT_CC : FieldName.CC;
        if (!header.has(date)) {
            begin(date).append(Date822.of(now)).append('\n');
        }
        if (!header.has(messageId)) {
            begin(messageId);
            appendMessageId(now, pid);
            out.append('\n');
        }
        if (!header.has(from)) {
            out.append(settings.author()
                    .fromField(
                            from.written(), settings.hosts(), settings.letters().nameAsComment()));
        }
        if (!header.has(to) && !header.has(cc)) {
            begin(cc).append("recipient list not shown: ;\n");
        }
        if (!resent && !header.has(FieldName.MAIL_FOLLOWUP_TO) && goesToMailingList()) {
            appendMailFollowupTo();
        }
    }

    private StringBuilder begin(FieldName name) {
        return out.append(name.written()).append(": ");
    }

    /** {@code <20250307090405.7712.qmail@id.corp.example>}. */
    private void appendMessageId(Instant now, long pid) {
        LocalDateTime utc = LocalDateTime.ofInstant(now, ZoneOffset.UTC);
        out.append('<').append(utc.getYear());
        appendTwoDigits(utc.getMonthValue());
        appendTwoDigits(utc.getDayOfMonth());
        appendTwoDigits(utc.getHour());
        appendTwoDigits(utc.getMinute());
        appendTwoDigits(utc.getSecond());
        out.append('.').append(pid).append(".qmail@").append(settings.idHost()).append('>');
    }

    private void appendTwoDigits(int number) {
        out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    private boolean goesToMailingList() {
        if (settings.mailingLists().isEmpty()) {
            return false;
        }
        ControlMap lists = settings.mailingLists().get();
        for (String address : header.toAndCc()) {
            if (lists.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private void appendMailFollowupTo() {
        begin(FieldName.MAIL_FOLLOWUP_TO);
        List<String> addresses = header.toAndCc();
        for (int i = addresses.size() - 1; i >= 0; i--) {
            out.append(MailAddress.quoted(addresses.get(i))).append(i > 0 ? ",\n  " : "\n");
        }
    }
}
