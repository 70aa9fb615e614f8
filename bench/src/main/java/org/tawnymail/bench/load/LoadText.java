package org.tawnymail.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The texts of a plan. All messages share one body in one buffer, which no session copies; only the header, with the id, is
 * written for each.
 */
final class LoadText {

    static final String PIPELINED_QUIT = "QUIT\r\n";

    private static final int LINE = 76;
    private static final String END = ".\r\n";
    private static final int NUMBER_DIGITS = 12;

    private final byte[] envelope;
    private final byte[] mail;
    private final byte[] recipient;
    private final byte[] headerBeforeNumber;
    private final byte[] headerAfterNumber;
    private final ByteBuffer body;

    LoadText(LoadPlan plan) {
        String mailText = "MAIL FROM:<" + plan.sender() + ">\r\n";
        String recipientText = "RCPT TO:<" + plan.recipient() + ">\r\n";
        mail = octets(mailText);
        recipient = octets(recipientText);
        envelope = octets(mailText + recipientText + "DATA\r\n");
        headerBeforeNumber = octets("From: <" + plan.sender() + ">\r\nTo: <" + plan.recipient()
                + ">\r\nSubject: load\r\nMessage-ID: <load.");
        headerAfterNumber = octets("@load.test>\r\n\r\n");
        int headerLength = headerBeforeNumber.length + NUMBER_DIGITS + headerAfterNumber.length;
        body = body(plan.size() - headerLength);
    }

    /** MAIL, RCPT and DATA in one. */
    void putEnvelope(ByteBuffer to) {
        to.put(envelope);
    }

    void putMail(ByteBuffer to) {
        to.put(mail);
    }

    void putRecipient(ByteBuffer to) {
        to.put(recipient);
    }

    void putHeader(ByteBuffer to, long number) {
        to.put(headerBeforeNumber);
        int start = to.position();
        long left = number;
        for (int i = start + NUMBER_DIGITS - 1; i >= start; i--) {
            to.put(i, (byte) ('0' + left % 10));
            left /= 10;
        }
        to.position(start + NUMBER_DIGITS);
        to.put(headerAfterNumber);
    }

    /** The body with the final dot and then a QUIT; a view of its own. */
    ByteBuffer bodyAndQuit() {
        return body.duplicate();
    }

    /** Where the body and its dot end in that view. */
    int bodyEnd() {
        return body.capacity() - PIPELINED_QUIT.length();
    }

    private static ByteBuffer body(int length) {
        StringBuilder text = new StringBuilder(length + LINE);
        String words = "the quick brown fox jumps over the lazy dog and comes back for another one ";
        for (int line = 0; text.length() < length; line++) {
            int rest = length - text.length();
            if (rest <= 2) {
                text.append(rest == 2 ? "\r\n" : "");
                break;
            }
            int characters = Math.min(LINE, rest - 2);
            for (int i = 0; i < characters; i++) {
                text.append(words.charAt((line * 7 + i) % words.length()));
            }
            text.append("\r\n");
        }
        byte[] octets = octets(text + END + PIPELINED_QUIT);
        return ByteBuffer.allocateDirect(octets.length).put(octets).flip();
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
