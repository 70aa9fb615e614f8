package org.tawnymail.send;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.tawnymail.base.Octets;
import org.tawnymail.base.Outcome;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.Envelope;
import org.tawnymail.send.schedule.Delivery;

/**
 * The lines of qmail-send's log (core spec, section 4.10), which log analysers read.
 *
 * <p>They are formatted into one buffer without garbage and written out together, by {@link #flush} or when {@value
 * #FULL} bytes have gathered. Text from outside is made safe: a line end becomes {@code /}, every other octet that is not
 * printable, blank included, and {@code %} become {@code _}.
 *
 * <p>A log that cannot be written must not stop the mail: the lines are lost, counted, and the count is the first line
 * when writing works again. Used by one thread.
 */
final class DeliveryLog {

    private static final int FULL = 8192;

    /** Room for the longest usual line after {@link #FULL} bytes; a longer one is written in parts. */
    private static final int BUFFER_SIZE = 2 * FULL;

    /** The decimal digits of the largest number. */
    private static final int MOST_DIGITS = 19;

    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_SIZE];
    private final byte[] digits = new byte[MOST_DIGITS];
    private int length;
    private long lost;

    DeliveryLog(OutputStream out) {
        this.out = out;
    }

    void status(int local, int localSlots, int remote, int remoteSlots, boolean exiting) {
        text("status: local ");
        number(local);
        octet('/');
        number(localSlots);
        text(" remote ");
        number(remote);
        octet('/');
        number(remoteSlots);
        if (exiting) {
            text(" exitasap");
        }
        endLine();
    }

    void exiting() {
        line("status: exiting");
    }

    void newMessage(long message) {
        text("new msg ");
        number(message);
        endLine();
    }

    void info(Envelope envelope) {
        text("info msg ");
        number(envelope.number());
        text(": bytes ");
        number(envelope.size());
        text(" from <");
        safe(envelope.sender());
        text("> qp ");
        number(envelope.qp());
        text(" uid ");
        number(envelope.uid());
        endLine();
    }

    /** A line for each recipient. */
    void starting(Delivery delivery) {
        for (int i = 0; i < delivery.size(); i++) {
            text("starting delivery ");
            number(delivery.number(i));
            text(": msg ");
            number(delivery.message());
            text(delivery.pass().channel() == Channel.LOCAL ? " to local " : " to remote ");
            safe(delivery.address(i));
            endLine();
        }
    }

    /** A line for each recipient. */
    void report(Delivery delivery, List<Outcome> outcomes) {
        for (int i = 0; i < delivery.size(); i++) {
            Outcome outcome = outcomes.get(i);
            text("delivery ");
            number(delivery.number(i));
            text(
                    switch (outcome) {
                        case Outcome.Delivered delivered -> ": success: ";
                        case Outcome.Deferred deferred -> ": deferral: ";
                        case Outcome.Failed failed -> ": failure: ";
                    });
            safe(outcome.text());
            endLine();
        }
    }

    /** A line for each recipient. */
    void mangled(Delivery delivery) {
        for (int i = 0; i < delivery.size(); i++) {
            text("delivery ");
            number(delivery.number(i));
            line(": report mangled, will defer");
        }
    }

    void bounce(long message, long qp) {
        text("bounce msg ");
        number(message);
        text(" qp ");
        number(qp);
        endLine();
    }

    void tripleBounce(long message) {
        text("triple bounce: discarding bounce/");
        number(message);
        endLine();
    }

    void end(long message) {
        text("end msg ");
        number(message);
        endLine();
    }

    /** A warning or alert about a message of the queue: {@code before}, the number, {@code after}. */
    void trouble(String before, long message, String after) {
        text(before);
        number(message);
        text(after);
        endLine();
    }

    /** A line of our own words. */
    void line(String line) {
        text(line);
        endLine();
    }

    /** A line of our own words that ends with words from outside. */
    void line(String line, String fromOutside) {
        text(line);
        safe(fromOutside);
        endLine();
    }

    /** Writes out what has gathered. */
    void flush() {
        if (length > 0) {
            writeOut();
        }
    }

    private void endLine() {
        octet('\n');
        if (length >= FULL) {
            writeOut();
        }
    }

    private void text(String text) {
        for (int i = 0; i < text.length(); i++) {
            octet(text.charAt(i));
        }
    }

    private void safe(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            octet(c == '\n' ? '/' : c <= ' ' || c > '~' || c == '%' ? '_' : c);
        }
    }

    private void number(long number) {
        long rest = number;
        if (rest < 0) {
            octet('-');
        }
        int first = MOST_DIGITS;
        do {
            digits[--first] = (byte) ('0' + Math.abs(rest % 10));
            rest /= 10;
        } while (rest != 0);
        while (first < MOST_DIGITS) {
            octet(digits[first++]);
        }
    }

    private void octet(int octet) {
        if (length == buffer.length) {
            writeOut();
        }
        buffer[length++] = (byte) octet;
    }

    private void writeOut() {
        try {
            if (lost > 0) {
                out.write(linesLost(lost));
                lost = 0;
            }
            out.write(buffer, 0, length);
            out.flush();
        } catch (IOException unwritable) {
            // Nobody can be told now; the count is told as soon as the log can be written again.
            lost += linesIn(buffer, length);
        }
        length = 0;
    }

    /** The line that tells of lost ones. */
    static byte[] linesLost(long count) {
        return Octets.of("warning: " + count + " log lines lost\n");
    }

    static int linesIn(byte[] octets, int length) {
        int lines = 0;
        for (int i = 0; i < length; i++) {
            if (octets[i] == '\n') {
                lines++;
            }
        }
        return lines;
    }
}
