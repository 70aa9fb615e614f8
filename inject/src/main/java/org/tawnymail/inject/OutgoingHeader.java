package org.tawnymail.inject;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.message.address.AddressList;
import org.tawnymail.message.address.HostDefaults;
import org.tawnymail.message.address.Token;
import org.tawnymail.message.address.TokenPrinter;
import org.tawnymail.message.address.Tokenizer;
import org.tawnymail.message.header.FieldName;
import org.tawnymail.message.header.HeaderField;

/**
 * The fields of one message on their way through qmail-inject: which stay, how they are rewritten, and the addresses
 * that they give to the envelope (core spec, section 3.5).
 */
final class OutgoingHeader {

    /** The most tokens of one field: more than 40,000 addresses as people write them, and 32 MB of memory. */
    static final int MOST_TOKENS = 400_000;

    /** The most addresses that To, Cc, Bcc and their like may have together. */
    static final int MOST_RECIPIENTS = 100_000;

    private final HostDefaults hosts;
    private final Letters letters;

    private final Set<FieldName> present = EnumSet.noneOf(FieldName.class);
    private final StringBuilder kept = new StringBuilder();
    private final List<String> normal = new ArrayList<>();
    private final List<String> resent = new ArrayList<>();
    private final List<String> visible = new ArrayList<>();
    private Optional<String> returnPath = Optional.empty();

    OutgoingHeader(HostDefaults hosts, Letters letters) {
        this.hosts = hosts;
        this.letters = letters;
    }

    /** Takes in the next field. */
    void add(HeaderField field) throws Complaint {
        if (field.name().isEmpty()) {
            kept.append(field.text());
            return;
        }
        FieldName name = field.name().get();
        if (letters.drops(name)) {
            return;
        }
        present.add(name);
        switch (name) {
            case TO, CC -> {
                int known = visible.size();
                kept.append(tolerantly(field, visible));
                normal.addAll(visible.subList(known, visible.size()));
            }
            case APPARENTLY_TO -> kept.append(tolerantly(field, normal));
            case BCC -> tolerantly(field, normal);
            case RESENT_TO, RESENT_CC -> kept.append(tolerantly(field, resent));
            case RESENT_BCC -> tolerantly(field, resent);
            case RETURN_PATH -> returnPath(field);
            case SENDER, FROM, REPLY_TO, RETURN_RECEIPT_TO, ERRORS_TO, RESENT_SENDER, RESENT_FROM, RESENT_REPLY_TO ->
                kept.append(strictly(field, new ArrayList<>()));
            case CONTENT_LENGTH -> {}
            default -> kept.append(field.text());
        }
        if (normal.size() + resent.size() > MOST_RECIPIENTS) {
            throw Fatal.permanent("too many recipients in the header");
        }
    }

    boolean has(FieldName name) {
        return present.contains(name);
    }

    /** Whether the message was sent on: a field {@code Resent-...} was seen, even one that is deleted. */
    boolean isResent() {
        for (FieldName name : present) {
            if (name.isResent()) {
                return true;
            }
        }
        return false;
    }

    /** The fields that stay, in their order. */
    CharSequence kept() {
        return kept;
    }

    /** Whom the header names as recipients: field by field, and from right to left within each. */
    List<String> recipients() {
        return isResent() ? resent : normal;
    }

    /** The addresses of To and Cc, in the same order. */
    List<String> toAndCc() {
        return visible;
    }

    /** The last address of the first Return-Path field that has one. */
    Optional<String> returnPath() {
        return returnPath;
    }

    private void returnPath(HeaderField field) throws Complaint {
        List<String> found = new ArrayList<>();
        strictly(field, found);
        if (returnPath.isEmpty() && !found.isEmpty()) {
            returnPath = Optional.of(found.getFirst());
        }
    }

    /** The field rewritten, or as it is if it is no list of addresses. */
    private String tolerantly(HeaderField field, List<String> found) throws Complaint {
        return completed(field, found).orElse(field.text());
    }

    private String strictly(HeaderField field, List<String> found) throws Complaint {
        Optional<String> completed = completed(field, found);
        if (completed.isEmpty()) {
            throw Fatal.unparsableLine(field.text());
        }
        return completed.get();
    }

    private Optional<String> completed(HeaderField field, List<String> found) throws Complaint {
        if (field.text().length() > MOST_TOKENS / 2 && Tokenizer.mostTokens(field.text()) > MOST_TOKENS) {
            throw Fatal.permanent("too many addresses in one header field");
        }
        Optional<List<Token>> tokens = Tokenizer.tokens(field.text());
        if (tokens.isEmpty()) {
            return Optional.empty();
        }
        Optional<List<Token>> completed = AddressList.complete(tokens.get(), hosts, found);
        return completed.isEmpty()
                ? Optional.empty()
                : Optional.of(TokenPrinter.field(completed.get()).concat("\n"));
    }
}
