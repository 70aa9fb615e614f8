package org.tawnymail.base.netstring;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.tawnymail.base.Octets;

/**
 * Reads and writes netstrings: {@code 5:hello,} (core spec, section 9.1). Leading zeros are accepted, and no digits at all
 * mean the length 0, as qmail's decoders have it.
 */
public final class Netstring {

    /** More digits than any length needs: a peer that goes on sending zeros is up to no good. */
    private static final int MOST_DIGITS = 100;

    /** Room for length, colon and comma of most. */
    private static final int USUAL_FRAME = 8;

    /** Octets that are no netstring. */
    public static final class Malformed extends IOException {
        public Malformed(String what) {
            super("netstring " + what);
        }
    }

    /** A length above what the reader takes. */
    public static final class TooLong extends IOException {
        public TooLong(long limit) {
            super("netstring longer than " + limit + " octets");
        }
    }

    /**
     * Reads the length and the colon. The caller then reads that many octets, and {@linkplain #readEnd the comma}.
     *
     * @param limit a length that has passed it and still has another digit is too long; so what comes out is, as in
     *     qmail's decoders, below ten times the limit and nine more
     * @throws EOFException if the input ends
     */
    public static long readLength(InputStream in, long limit) throws IOException {
        long length = 0;
        for (int digits = 0; digits <= MOST_DIGITS; digits++) {
            int octet = read(in);
            if (octet == ':') {
                return length;
            }
            if (octet < '0' || octet > '9') {
                throw new Malformed("with something other than a digit in its length");
            }
            if (length > limit) {
                throw new TooLong(limit);
            }
            length = length * 10 + (octet - '0');
        }
        throw new Malformed("with too many digits in its length");
    }

    /** Reads the comma at the end. */
    public static void readEnd(InputStream in) throws IOException {
        if (read(in) != ',') {
            throw new Malformed("without a comma at its end");
        }
    }

    /**
     * Reads a whole netstring into memory.
     *
     * @param limit the largest length that is taken
     */
    public static byte[] read(InputStream in, int limit) throws IOException {
        long declared = readLength(in, limit);
        if (declared > limit) {
            throw new TooLong(limit);
        }
        int length = (int) declared;
        byte[] octets = in.readNBytes(length);
        if (octets.length < length) {
            throw new EOFException("netstring that ends early");
        }
        readEnd(in);
        return octets;
    }

    /** Writes a netstring. */
    public static void write(OutputStream out, byte[] octets) throws IOException {
        out.write(of(octets));
    }

    /** The netstring of some octets. */
    public static byte[] of(byte[] octets) {
        ByteArrayOutputStream netstring = new ByteArrayOutputStream(octets.length + USUAL_FRAME);
        netstring.writeBytes(beginning(octets.length));
        netstring.writeBytes(octets);
        netstring.write(',');
        return netstring.toByteArray();
    }

    /** The netstring of an ISO-8859-1 text. */
    public static byte[] of(String text) {
        return of(Octets.of(text));
    }

    /** What stands before the octets of a netstring that is streamed: its length and the colon. */
    public static byte[] beginning(long length) {
        return Octets.of(length + ":");
    }

    private static int read(InputStream in) throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new EOFException("netstring that ends early");
        }
        return octet;
    }

    private Netstring() {}
}
