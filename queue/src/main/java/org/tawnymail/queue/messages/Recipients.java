package org.tawnymail.queue.messages;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.tawnymail.base.Octets;

/** Reads addresses that each end with a NUL. */
final class Recipients implements Closeable {

    private final InputStream in;
    private byte[] address = new byte[128];

    private Recipients(InputStream in) {
        this.in = in;
    }

    static Recipients in(byte[] bytes, int from, int to) {
        return new Recipients(new ByteArrayInputStream(bytes, from, to - from));
    }

    /** @param in buffered: it is read byte by byte */
    static Recipients in(InputStream in) {
        return new Recipients(in);
    }

    String next() throws IOException {
        return nextIfAny().orElseThrow(() -> new EOFException("a list of recipients ends too early"));
    }

    /** The next one, if the list goes on; what lacks its NUL is none. */
    Optional<String> nextIfAny() throws IOException {
        int length = 0;
        while (true) {
            int octet = in.read();
            if (octet == 0) {
                return Optional.of(Octets.text(address, 0, length));
            }
            if (octet < 0) {
                return Optional.empty();
            }
            if (length == address.length) {
                address = Arrays.copyOf(address, 2 * length);
            }
            address[length++] = (byte) octet;
        }
    }

    /** What stands behind those that were asked for. */
    InputStream rest() {
        return in;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
