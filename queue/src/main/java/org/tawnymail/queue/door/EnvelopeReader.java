package org.tawnymail.queue.door;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.QueueExit;

/**
 * Reads an envelope as qmail-queue does (core spec, section 2.1); what follows its final NUL is not asked for.
 *
 * <pre>
 *   envelope = "F" sender NUL  *( "T" recipient NUL )  NUL
 * </pre>
 *
 * <p>Recipients come one by one, so that their number costs no memory. What is wrong with the envelope comes out as an {@link
 * Unusable} wherever it is found, possibly in the middle of a {@link org.tawnymail.queue.Submission#commit}, which then
 * does not take place.
 */
public final class EnvelopeReader implements Iterable<String> {

    private static final int LONGEST_ADDRESS = 1002;
    private static final int BUFFER = 4096;

    /** The envelope cannot be used. */
    public static final class Unusable extends RuntimeException {

        private final int exitCode;

        Unusable(int exitCode) {
            super("unusable envelope");
            this.exitCode = exitCode;
        }

        /** As which qmail-queue reports it. */
        public int exitCode() {
            return exitCode;
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int next;
    private int end;
    private byte[] address = new byte[64];

    public EnvelopeReader(InputStream in) {
        this.in = in;
    }

    /** Reads the sender: called once, first. */
    public String sender() {
        if (octet() != 'F') {
            throw new Unusable(QueueExit.FORMAT_CODE);
        }
        return address();
    }

    /** The recipients: gone through once. */
    @Override
    public Iterator<String> iterator() {
        return new Iterator<>() {

            private @Nullable String ahead;
            private boolean ended;

            @Override
            public boolean hasNext() {
                if (ahead == null && !ended) {
                    int type = octet();
                    if (type == 'T') {
                        ahead = address();
                    } else if (type == 0) {
                        ended = true;
                    } else {
                        throw new Unusable(QueueExit.FORMAT_CODE);
                    }
                }
                return ahead != null;
            }

            @Override
            public String next() {
                String result = hasNext() ? ahead : null;
                if (result == null) {
                    throw new NoSuchElementException();
                }
                ahead = null;
                return result;
            }
        };
    }

    private String address() {
        int length = 0;
        int octet;
        while ((octet = octet()) != 0) {
            if (length == LONGEST_ADDRESS) {
                throw new Unusable(QueueExit.ADDRESS_TOO_LONG_CODE);
            }
            if (length == address.length) {
                address = Arrays.copyOf(address, 2 * length);
            }
            address[length++] = (byte) octet;
        }
        return Octets.text(address, 0, length);
    }

    private int octet() {
        if (next == end) {
            try {
                end = in.read(buffer);
            } catch (IOException e) {
                end = -1;
            }
            next = 0;
            if (end <= 0) {
                end = 0;
                throw new Unusable(QueueExit.READ_ERROR_CODE);
            }
        }
        return buffer[next++] & 0xff;
    }
}
