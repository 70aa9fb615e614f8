package org.tawnymail.remote.smtp;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.tawnymail.base.Octets;
import org.tawnymail.base.Outcome;

/**
 * What qmail-remote reports (core spec, section 7.2): a verdict on each recipient that was offered to the host, and one on the
 * message.
 *
 * <p>On descriptor 1 it is a sequence of records, each a letter, a text and NUL:
 *
 * <pre>
 *   r | h | s   text NUL      accepted, refused, refused for now: one for each recipient, in order
 *   K | Z | D   text NUL      delivered, deferred, failed: the message, for all accepted recipients
 * </pre>
 */
public record Report(List<Verdict> recipients, Outcome message) {

    /** The host's word on one recipient. */
    public sealed interface Verdict {

        /** What a person reads; empty if there is nothing to say. */
        String text();

        /** It will have the message if the message is delivered. */
        record Accepted(String text) implements Verdict {}

        /** Never. */
        record Refused(String text) implements Verdict {}

        /** Not now. */
        record Postponed(String text) implements Verdict {}

        /**
         * Perhaps in a further transaction: the host had taken others, and that many are enough for one.
         *
         * @param word what it said, literally
         */
        record Surplus(Verdict word) implements Verdict {
            @Override
            public String text() {
                return word.text();
            }
        }
    }

    public Report {
        recipients = List.copyOf(recipients);
    }

    /** A report without any recipient: none was offered. */
    public static Report deferred(String text) {
        return new Report(List.of(), new Outcome.Deferred(text));
    }

    /** A report without any recipient: none was offered. */
    public static Report failed(String text) {
        return new Report(List.of(), new Outcome.Failed(text));
    }

    /** The records. */
    public byte[] octets() {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (Verdict verdict : recipients) {
            record(records, letter(verdict), verdict.text());
        }
        char letter = switch (message) {
            case Outcome.Delivered delivered -> 'K';
            case Outcome.Deferred deferred -> 'Z';
            case Outcome.Failed failed -> 'D';
        };
        record(records, letter, message.text());
        return records.toByteArray();
    }

    /**
     * The outcome for a message with one recipient, as qmail-rspawn makes it from the records (core spec, section 7.1): the
     * recipient's verdict decides if it is a refusal, else the message's; both are told where that does not confuse.
     */
    public Outcome forOneRecipient() {
        return outcome(0);
    }

    /**
     * The same for one of several recipients. Who was not offered because the host broke off has failed only if the message has
     * before anybody was.
     *
     * @param recipient its place among those that were to be offered
     */
    public Outcome outcome(int recipient) {
        if (recipients.isEmpty()) {
            return message;
        }
        if (recipient >= recipients.size()) {
            return new Outcome.Deferred(message.text());
        }
        return switch (recipients.get(recipient)) {
            case Verdict.Accepted accepted -> withText(accepted.text(), message);
            case Verdict.Refused refused ->
                new Outcome.Failed(
                        message instanceof Outcome.Failed ? refused.text() + message.text() : refused.text());
            case Verdict.Postponed postponed -> postponed(postponed.text());
            case Verdict.Surplus surplus -> postponed(surplus.text());
        };
    }

    /** Whether a recipient may be offered again at once. */
    public boolean isSurplus(int recipient) {
        return recipient < recipients.size() && recipients.get(recipient) instanceof Verdict.Surplus;
    }

    /**
     * The same for what a program wrote, which may be anything. Only a record that NUL ends is believed; without any, the
     * message has failed.
     */
    public static Outcome ofRecords(byte[] output) {
        List<String> records = records(output);
        String first = records.isEmpty() ? Octets.text(output) : records.getFirst();
        Outcome result = new Outcome.Failed("");
        for (String record : records) {
            if (isMessageRecord(record)) {
                result = withLetter(record.charAt(0));
                break;
            }
        }
        boolean refused = first.startsWith("h");
        boolean postponed = first.startsWith("s");
        Outcome last = refused ? withLetter('D') : postponed ? withLetter('Z') : result;
        String text = first.isEmpty() ? "" : first.substring(1);
        if (records.size() > 1 && isMessageRecord(records.get(1)) && rank(result) <= rank(last)) {
            text += records.get(1).substring(1);
        }
        return withText(text, last);
    }

    private Outcome postponed(String text) {
        return new Outcome.Deferred(message instanceof Outcome.Delivered ? text : text + message.text());
    }

    private static char letter(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accepted accepted -> 'r';
            case Verdict.Refused refused -> 'h';
            case Verdict.Postponed postponed -> 's';
            case Verdict.Surplus(Verdict word) -> letter(word);
        };
    }

    private static Outcome withText(String before, Outcome outcome) {
        if (before.isEmpty()) {
            return outcome;
        }
        String text = before + outcome.text();
        return switch (outcome) {
            case Outcome.Delivered delivered -> new Outcome.Delivered(text);
            case Outcome.Deferred deferred -> new Outcome.Deferred(text);
            case Outcome.Failed failed -> new Outcome.Failed(text);
        };
    }

    private static Outcome withLetter(char letter) {
        return switch (letter) {
            case 'K' -> new Outcome.Delivered("");
            case 'Z' -> new Outcome.Deferred("");
            default -> new Outcome.Failed("");
        };
    }

    private static int rank(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Failed failed -> -1;
            case Outcome.Deferred deferred -> 0;
            case Outcome.Delivered delivered -> 1;
        };
    }

    private static boolean isMessageRecord(String record) {
        return !record.isEmpty() && "KZD".indexOf(record.charAt(0)) >= 0;
    }

    private static List<String> records(byte[] output) {
        List<String> records = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < output.length; i++) {
            if (output[i] == 0) {
                records.add(Octets.text(output, from, i - from));
                from = i + 1;
            }
        }
        return records;
    }

    private static void record(ByteArrayOutputStream records, char letter, String text) {
        records.write(letter);
        records.writeBytes(Octets.of(text.replace('\0', '?')));
        records.write(0);
    }
}
