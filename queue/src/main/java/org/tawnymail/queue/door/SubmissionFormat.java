package org.tawnymail.queue.door;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.QueueExit;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;

/**
 * A submission as bytes: what a client writes to the socket, and what a file in the drop directory holds.
 *
 * <pre>
 *   submission = "TAWNYS1" LF  *chunk  end  envelope
 *   chunk      = length (4 bytes, big-endian, 1 to 65536)  that many bytes of the message
 *   end        = 4 bytes of zero
 *   envelope   = "F" sender NUL  *( "T" recipient NUL )  NUL        as qmail-queue reads it
 *
 *   answer     = "K" number LF  /  "Z" text LF  /  "D" text LF       queued; try again later; never
 * </pre>
 *
 * <p>A submission without its final NUL is none: that is how a client gives one up. One connection, one submission.
 */
final class SubmissionFormat {

    static final byte[] MAGIC = Octets.of("TAWNYS1\n");
    static final int LARGEST_CHUNK = 64 << 10;

    /** No answer is longer. */
    private static final int LONGEST_ANSWER = 1000;

    /** These are not the bytes of a submission. */
    static final class Malformed extends IOException {
        Malformed(String message) {
            super(message);
        }
    }

    /** Writes a part of the message. */
    static void writeChunk(OutputStream out, byte[] bytes, int length) throws IOException {
        writeLength(out, length);
        out.write(bytes, 0, length);
    }

    static void writeEnd(OutputStream out) throws IOException {
        writeLength(out, 0);
    }

    private static void writeLength(OutputStream out, int length) throws IOException {
        out.write(length >>> 24);
        out.write(length >>> 16);
        out.write(length >>> 8);
        out.write(length);
    }

    static void writeAddress(OutputStream out, char type, String address) throws IOException {
        out.write(type);
        out.write(Octets.of(address));
        out.write(0);
    }

    /**
     * Reads a submission and passes it on.
     *
     * @throws Malformed if it is none; the submission was abandoned
     * @throws EOFException if it ends too early; the submission was abandoned
     */
    static QueueResult transfer(InputStream in, Submission submission) throws IOException {
        readMagic(in);
        OutputStream message = submission.message();
        byte[] buffer = new byte[8 << 10];
        for (int length = readLength(in); length > 0; length = readLength(in)) {
            if (length > LARGEST_CHUNK) {
                throw new Malformed("it has a chunk of " + length + " bytes");
            }
            copy(in, message, buffer, length);
        }
        EnvelopeReader envelope = new EnvelopeReader(in);
        try {
            return submission.commit(envelope.sender(), envelope);
        } catch (EnvelopeReader.Unusable unusable) {
            throw switch (unusable.exitCode()) {
                case QueueExit.READ_ERROR_CODE -> new EOFException("its envelope ends too early");
                case QueueExit.ADDRESS_TOO_LONG_CODE -> new Malformed("it has an address that is too long");
                default -> new Malformed("its envelope is none");
            };
        }
    }

    private static void readMagic(InputStream in) throws IOException {
        byte[] begin = in.readNBytes(MAGIC.length);
        if (!Arrays.equals(begin, Arrays.copyOf(MAGIC, begin.length))) {
            throw new Malformed("it does not begin as a submission");
        }
        if (begin.length < MAGIC.length) {
            throw new EOFException("it ends before its message");
        }
    }

    private static void copy(InputStream in, OutputStream out, byte[] buffer, int length) throws IOException {
        int left = length;
        while (left > 0) {
            int got = in.read(buffer, 0, Math.min(left, buffer.length));
            if (got < 0) {
                throw new EOFException("its message ends too early");
            }
            out.write(buffer, 0, got);
            left -= got;
        }
    }

    private static int readLength(InputStream in) throws IOException {
        byte[] length = in.readNBytes(4);
        if (length.length < 4) {
            throw new EOFException("its message ends too early");
        }
        int number = (length[0] & 0xff) << 24 | (length[1] & 0xff) << 16 | (length[2] & 0xff) << 8 | (length[3] & 0xff);
        return number < 0 ? Integer.MAX_VALUE : number;
    }

    static void writeAnswer(OutputStream out, QueueResult result) throws IOException {
        String line = switch (result) {
            case QueueResult.Accepted accepted -> "K" + accepted.qp();
            case QueueResult.Refused refused ->
                (refused.permanent() ? "D" : "Z") + refused.text().replace('\n', ' ');
        };
        out.write(Octets.of(line + "\n"));
    }

    /** Reads the answer to its end; an answer that is none is an exception. */
    static QueueResult readAnswer(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int octet;
        while ((octet = in.read()) != '\n') {
            if (octet < 0 || line.length() == LONGEST_ANSWER) {
                throw new EOFException("the owner of the queue did not answer");
            }
            line.append((char) octet);
        }
        String text = line.isEmpty() ? "" : line.substring(1);
        return switch (line.isEmpty() ? ' ' : line.charAt(0)) {
            case 'K' -> new QueueResult.Accepted(parse(text));
            case 'Z' -> new QueueResult.Refused(false, text);
            case 'D' -> new QueueResult.Refused(true, text);
            default -> throw new Malformed("the owner of the queue answered something else");
        };
    }

    private static long parse(String number) throws Malformed {
        try {
            return Long.parseLong(number);
        } catch (NumberFormatException e) {
            throw new Malformed("the owner of the queue answered something else");
        }
    }

    private SubmissionFormat() {}
}
