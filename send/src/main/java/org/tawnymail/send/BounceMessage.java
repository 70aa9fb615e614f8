package org.tawnymail.send;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.address.MailAddress;
import org.tawnymail.base.address.Verp;
import org.tawnymail.base.time.Date822;
import org.tawnymail.queue.DamagedMessage;

/**
 * The letter that tells a sender what could not be delivered (core spec, section 4.9), in the bounce format QSBMF: an
 * introduction, a paragraph for each recipient that failed, a line that begins with {@code -}, the message itself.
 *
 * @param kind whom it goes to, and why
 * @param recipient whom it goes to
 * @param original the sender of the message that failed, without the mark of VERP
 * @param settings the names that it comes from
 */
record BounceMessage(Kind kind, String recipient, String original, SendSettings settings) {

    /** Which bounce it is in a row of bounces. */
    enum Kind {
        /** To the sender of the message. */
        SINGLE,
        /** To the postmaster: the message was a bounce. */
        DOUBLE,
        /** To nobody: the message was a bounce of a bounce. */
        TRIPLE
    }

    /** The sender of a double bounce, which is never bounced again. */
    static final String SENDER_OF_DOUBLE_BOUNCES = "#@[]";

    private static final int BUFFER_SIZE = 8192;

    private static final String SINGLE_INTRODUCTION = """
            I'm afraid I wasn't able to deliver your message to the following addresses.
            This is a permanent error; I've given up. Sorry it didn't work out.

            """;
    private static final String DOUBLE_INTRODUCTION = """
            I tried to deliver a bounce message to this address, but the bounce bounced!

            """;
    private static final String SINGLE_BREAK = "--- Below this line is a copy of the message.\n\n";
    private static final String DAMAGED = "\n\nThe copy ends here: the message was damaged on the disk of this host.\n";
    private static final String DOUBLE_BREAK = "--- Below this line is the original bounce.\n\n";

    /** The bounce that the sender of an envelope asks for. */
    static BounceMessage of(String envelopeSender, SendSettings settings) {
        String original = Verp.unmarked(envelopeSender);
        if (original.equals(SENDER_OF_DOUBLE_BOUNCES)) {
            return new BounceMessage(Kind.TRIPLE, "", original, settings);
        }
        return original.isEmpty()
                ? new BounceMessage(Kind.DOUBLE, settings.doubleBounceTo(), original, settings)
                : new BounceMessage(Kind.SINGLE, original, original, settings);
    }

    /** The envelope sender of the bounce itself. */
    String sender() {
        return kind == Kind.DOUBLE ? SENDER_OF_DOUBLE_BOUNCES : "";
    }

    /**
     * The paragraph of one recipient: never with an empty line in it, whatever is in the report.
     *
     * @param address as the sender knows it
     */
    static String paragraph(String address, String report) {
        StringBuilder paragraph = new StringBuilder(address.length() + report.length() + 8);
        paragraph.append('<').append(onOneLine(address)).append(">:\n").append(report);
        if (!report.isEmpty() && !report.endsWith("\n")) {
            paragraph.append('\n');
        }
        // From the end to the beginning, so that each line end is compared with what stood before it at first.
        for (int i = paragraph.length() - 2; i > 0; i--) {
            if (paragraph.charAt(i) == '\n' && paragraph.charAt(i - 1) == '\n') {
                paragraph.setCharAt(i, '/');
            }
        }
        return paragraph.append('\n').toString();
    }

    /**
     * Writes the letter. If the message is damaged, the letter says so in place of what is not there.
     *
     * @param failures the paragraphs
     * @param message the message that failed
     */
    void write(OutputStream out, Instant now, MessageSource failures, MessageSource message) throws IOException {
        BufferedOutputStream letter = new BufferedOutputStream(out, BUFFER_SIZE);
        letter.write(Octets.of("Date: " + Date822.of(now)
                + "\nFrom: " + onOneLine(MailAddress.quotedLocal(settings.bounceFrom())) + "@" + settings.bounceHost()
                + "\nTo: " + onOneLine(MailAddress.quoted(recipient))
                + "\nSubject: failure notice\n\nHi. This is the qmail-send program at " + settings.bounceHost()
                + ".\n" + (kind == Kind.DOUBLE ? DOUBLE_INTRODUCTION : SINGLE_INTRODUCTION)));
        copy(failures, letter);
        letter.write(Octets.of((kind == Kind.DOUBLE ? DOUBLE_BREAK : SINGLE_BREAK) + "Return-Path: <"
                + onOneLine(MailAddress.quoted(original)) + ">\n"));
        try {
            copy(message, letter);
        } catch (DamagedMessage damaged) {
            // Without this nobody would ever be told that the message did not arrive.
            letter.write(Octets.of(DAMAGED));
        }
        letter.flush();
    }

    private static void copy(MessageSource from, OutputStream to) throws IOException {
        byte[] buffer = new byte[BUFFER_SIZE];
        try (InputStream in = from.open()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                to.write(buffer, 0, count);
            }
        }
    }

    /** A line end in an address would end the header field or the paragraph's first line. */
    private static String onOneLine(String address) {
        return address.replace('\n', '_');
    }
}
