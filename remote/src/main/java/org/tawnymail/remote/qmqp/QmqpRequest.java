package org.tawnymail.remote.qmqp;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import org.tawnymail.base.netstring.Netstring;

/**
 * One request (core spec, section 9.3), made of a message and an envelope as qmail-queue gets them:
 *
 * <pre>
 *   envelope = "F" sender NUL  *( "T" recipient NUL )  NUL
 *   request  = netstring( netstring(message) netstring(sender) *netstring(recipient) )
 * </pre>
 *
 * <p>The length of all stands in front of all, so everything is read before anything is sent.
 */
final class QmqpRequest implements Closeable {

    /** No server of the protocol reads a longer request (core spec, section 9.2). */
    static final long LARGEST = 2_000_000_000;

    /** No address is longer; servers take 999 octets. */
    static final int LONGEST_ADDRESS = 1 << 20;

    private static final int BUFFER = 8192;

    /** There is nothing to be sent. */
    static final class Unusable extends Exception {

        private final int exitCode;

        Unusable(int exitCode) {
            super("exit code " + exitCode);
            this.exitCode = exitCode;
        }

        int exitCode() {
            return exitCode;
        }
    }

    private final Spool message;
    private final Spool addresses;

    private QmqpRequest(Path directory) {
        this.message = new Spool(directory);
        this.addresses = new Spool(directory);
    }

    /**
     * Reads message and envelope.
     *
     * @param directory where long ones are kept meanwhile
     */
    static QmqpRequest read(InputStream message, InputStream envelope, Path directory) throws Unusable {
        QmqpRequest request = new QmqpRequest(directory);
        try {
            request.takeMessage(message);
            request.takeEnvelope(envelope);
            return request;
        } catch (Unusable | RuntimeException unusable) {
            request.close();
            throw unusable;
        }
    }

    /** Sends it. */
    void writeTo(OutputStream out) throws IOException {
        byte[] messageBeginning = Netstring.beginning(message.size());
        out.write(Netstring.beginning(messageBeginning.length + message.size() + 1 + addresses.size()));
        out.write(messageBeginning);
        message.copyTo(out);
        out.write(',');
        addresses.copyTo(out);
        out.write(',');
    }

    @Override
    public void close() {
        close(message);
        close(addresses);
    }

    private static void close(Spool spool) {
        try {
            spool.close();
        } catch (IOException unclosable) {
            // The file has no name: it ends with this process at the latest.
        }
    }

    private void takeMessage(InputStream in) throws Unusable {
        byte[] buffer = new byte[BUFFER];
        for (int count = read(in, buffer); count >= 0; count = read(in, buffer)) {
            keep(message, buffer, count);
        }
    }

    private void takeEnvelope(InputStream in) throws Unusable {
        AddressReader reader = new AddressReader(in);
        reader.expect('F');
        keepAddress(reader);
        while (reader.hasAnother()) {
            keepAddress(reader);
        }
    }

    private void keepAddress(AddressReader reader) throws Unusable {
        byte[] netstring = Netstring.of(reader.address());
        keep(addresses, netstring, netstring.length);
    }

    private void keep(Spool spool, byte[] octets, int count) throws Unusable {
        if (message.size() + addresses.size() + count > LARGEST) {
            throw new Unusable(QmqpExit.REFUSED);
        }
        try {
            spool.write(octets, 0, count);
        } catch (IOException noRoom) {
            throw new Unusable(QmqpExit.NO_ROOM);
        }
    }

    private static int read(InputStream in, byte[] buffer) throws Unusable {
        try {
            return in.read(buffer);
        } catch (IOException unreadable) {
            throw new Unusable(QmqpExit.UNREADABLE);
        }
    }

    /** The records of an envelope, one by one. What follows its end is not asked for. */
    private static final class AddressReader {

        private final InputStream in;
        private final byte[] buffer = new byte[BUFFER];
        private int next;
        private int end;

        private AddressReader(InputStream in) {
            this.in = in;
        }

        void expect(char type) throws Unusable {
            if (octet() != type) {
                throw new Unusable(QmqpExit.BAD_ENVELOPE);
            }
        }

        boolean hasAnother() throws Unusable {
            int type = octet();
            if (type != 0 && type != 'T') {
                throw new Unusable(QmqpExit.BAD_ENVELOPE);
            }
            return type == 'T';
        }

        byte[] address() throws Unusable {
            ByteArrayOutputStream address = new ByteArrayOutputStream(64);
            for (int octet = octet(); octet != 0; octet = octet()) {
                if (address.size() == LONGEST_ADDRESS) {
                    throw new Unusable(QmqpExit.ADDRESS_TOO_LONG);
                }
                address.write(octet);
            }
            return address.toByteArray();
        }

        private int octet() throws Unusable {
            if (next == end) {
                end = read(in, buffer);
                next = 0;
                if (end < 0) {
                    throw new Unusable(QmqpExit.BAD_ENVELOPE);
                }
            }
            return buffer[next++] & 0xff;
        }
    }
}
