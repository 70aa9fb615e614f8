package org.tawnymail.receive;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.netstring.Netstring;
import org.tawnymail.base.program.Timed;
import org.tawnymail.queue.QueueResult;

/**
 * The client of QMTP or QMQP: it sends netstrings, some of which stand in others, and gets answers, each a netstring. Answers
 * are gathered until more has to be waited for.
 *
 * <p>The whole session has {@link #LONGEST_SESSION}; a read or write that would go beyond ends with a {@link
 * SocketTimeoutException}. The end of the input is an {@link EOFException} wherever it comes.
 */
final class NetstringPeer extends InputStream {

    /** Core spec, section 14.1. */
    static final Duration LONGEST_SESSION = Duration.ofHours(1);

    /** A longer address can be no one's (core spec, section 14.1). */
    static final int LONGEST_ADDRESS = 999;

    /** A length that has passed this and still goes on is trouble with resources (core spec, section 9.2). */
    private static final long LENGTH_LIMIT = 200_000_000;

    private static final int BUFFER = 16 * 1024;
    private static final int ANSWER_BUFFER = 2048;
    private static final long UNBOUNDED = Long.MAX_VALUE;

    private final InputStream in;
    private final OutputStream out;
    private final OutputStream answers;
    private final long begun = System.nanoTime();
    private final byte[] buffer = new byte[BUFFER];
    private int start;
    private int end;
    /** How many octets are left of the netstring in which the next ones stand. */
    private long left = UNBOUNDED;

    NetstringPeer(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
        this.answers = new BufferedOutputStream(out, ANSWER_BUFFER);
    }

    /** From now on, this many octets are what others stand in: none of them may reach beyond. */
    void enter(long length) {
        left = length;
    }

    /** Whether all octets of what was {@linkplain #enter entered} have been read. */
    boolean isThrough() {
        return left == 0;
    }

    /** Reads the comma behind what was entered, which must have been read to its end. */
    void leave() throws IOException {
        left = UNBOUNDED;
        Netstring.readEnd(this);
    }

    /** Reads a length and its colon, whatever it stands in. */
    long outerLength() throws IOException {
        return Netstring.readLength(this, LENGTH_LIMIT);
    }

    /** Reads a length and its colon. */
    long length() throws IOException {
        long length = outerLength();
        if (length > left) {
            throw reachesBeyond();
        }
        return length;
    }

    /** Reads the comma at the end of a netstring. */
    void end() throws IOException {
        Netstring.readEnd(this);
    }

    /** Hands on the next octets, in pieces that the sink may overwrite. */
    void text(long length, DataDecoder.Sink sink) throws IOException {
        long wanted = length;
        while (wanted > 0) {
            if (start == end) {
                fill();
            }
            int piece = (int) Math.min(wanted, end - start);
            sink.take(buffer, start, start + piece);
            start += piece;
            wanted -= piece;
            left -= piece;
        }
    }

    /**
     * Reads a netstring that is an address.
     *
     * @param longest the longest that is taken
     * @return nothing if it is longer, or has a NUL; then it was skipped
     */
    Optional<String> address(int longest) throws IOException {
        long length = length();
        if (length > longest) {
            text(length, (bytes, from, to) -> {});
            end();
            return Optional.empty();
        }
        byte[] octets = new byte[(int) length];
        for (int have = 0; have < octets.length; ) {
            have += read(octets, have, octets.length - have);
        }
        end();
        String address = Octets.text(octets);
        return address.indexOf('\0') < 0 ? Optional.of(address) : Optional.empty();
    }

    /** The next octet, which must be there. */
    int octet() throws IOException {
        if (left == 0) {
            throw reachesBeyond();
        }
        if (start == end) {
            fill();
        }
        left--;
        return buffer[start++] & 0xff;
    }

    /** As {@link #octet}: there is no end but the exception. */
    @Override
    public int read() throws IOException {
        return octet();
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (length > 0 && left == 0) {
            throw reachesBeyond();
        }
        if (length > 0 && start == end) {
            fill();
        }
        int count = (int) Math.min(left, Math.min(length, end - start));
        System.arraycopy(buffer, start, to, offset, count);
        start += count;
        left -= count;
        return count;
    }

    /** The answer that says what became of a submission: K, Z or D and a text (core spec, section 9.2). */
    static String answer(QueueResult result, Instant when) {
        return switch (result) {
            case QueueResult.Accepted(long qp) -> "Kok " + when.getEpochSecond() + " qp " + qp;
            case QueueResult.Refused(boolean permanent, String text) -> (permanent ? "D" : "Z") + text;
        };
    }

    /** Adds an answer to those that are on their way. */
    void answer(String text) throws IOException {
        limitWrites();
        Netstring.write(answers, Octets.of(text));
    }

    /** Sends the answers that are still here. */
    void flush() throws IOException {
        limitWrites();
        answers.flush();
    }

    private void limitWrites() throws SocketTimeoutException {
        if (out instanceof Timed timed) {
            timed.timeout(timeLeft());
        }
    }

    private void fill() throws IOException {
        flush();
        if (in instanceof Timed timed) {
            timed.timeout(timeLeft());
        }
        int count = in.read(buffer, 0, buffer.length);
        if (count < 0) {
            throw new EOFException("the client has gone");
        }
        start = 0;
        end = count;
    }

    private Duration timeLeft() throws SocketTimeoutException {
        Duration timeLeft = LONGEST_SESSION.minusNanos(System.nanoTime() - begun);
        if (timeLeft.isNegative() || timeLeft.isZero()) {
            throw new SocketTimeoutException("session longer than " + LONGEST_SESSION);
        }
        return timeLeft;
    }

    private static Netstring.Malformed reachesBeyond() {
        return new Netstring.Malformed("that reaches beyond the one it stands in");
    }
}
