package org.tawnymail.remote.smtp;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.tawnymail.base.Octets;

/**
 * One TCP connection to an SMTP server: replies in, lines and octets out.
 *
 * <p>Output gathers in a buffer and leaves when that is full, on {@link #flush}, and before a reply is awaited: commands
 * that may travel together are one write and, with TCP_NODELAY, one packet.
 *
 * <p>Used by one thread at a time; {@link #close} and {@link #closeIfOverdue} by any.
 */
final class Wire implements Closeable {

    /** As much of a reply as reports repeat (core spec, section 14.1). */
    static final int LONGEST_REPLY_TEXT = 5000;

    /** A host that says more in one reply is not listened to. */
    static final int LONGEST_REPLY = 64 * 1024;

    /** A goodbye that cannot be sent at once is not worth waiting for. */
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private static final int INPUT_BUFFER = 2048;
    private static final int OUTPUT_BUFFER = 8192;

    private final Socket socket;
    private final OverdueWatch watch;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] input = new byte[INPUT_BUFFER];
    private int inputNext;
    private int inputEnd;
    private final byte[] output = new byte[OUTPUT_BUFFER];
    private int outputEnd;
    private Duration operation;

    /** When the write under way is overdue, by {@link System#nanoTime}. */
    private volatile long writeDeadline;

    private volatile boolean writing;

    private Wire(Socket socket, OverdueWatch watch, Duration operation) throws IOException {
        this.socket = socket;
        this.watch = watch;
        this.operation = operation;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /**
     * Connects.
     *
     * @throws SocketTimeoutException if the host does not answer within the limit
     */
    static Wire connect(Peer peer, Limits limits, OverdueWatch watch) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(peer.address(), peer.port()), millis(limits.connect()));
            Wire wire = new Wire(socket, watch, limits.operation());
            watch.add(wire);
            return wire;
        } catch (IOException | RuntimeException notConnected) {
            socket.close();
            throw notConnected;
        }
    }

    /** Changes the limit of each reply and each write. */
    void limit(Duration changed) {
        operation = changed;
    }

    /** Adds a command line to what is to be sent. */
    void command(String line) throws IOException {
        byte[] octets = Octets.of(line);
        put(octets, 0, octets.length);
        put((byte) '\r');
        put((byte) '\n');
    }

    void put(byte octet) throws IOException {
        if (outputEnd == output.length) {
            flush();
        }
        output[outputEnd++] = octet;
    }

    void put(byte[] octets, int from, int length) throws IOException {
        int next = from;
        int left = length;
        while (left > output.length - outputEnd) {
            int part = output.length - outputEnd;
            System.arraycopy(octets, next, output, outputEnd, part);
            outputEnd += part;
            next += part;
            left -= part;
            flush();
        }
        System.arraycopy(octets, next, output, outputEnd, left);
        outputEnd += left;
    }

    /** Sends what has gathered. */
    void flush() throws IOException {
        if (outputEnd == 0) {
            return;
        }
        writeDeadline = System.nanoTime() + operation.toNanos();
        writing = true;
        try {
            out.write(output, 0, outputEnd);
        } finally {
            writing = false;
        }
        outputEnd = 0;
    }

    /**
     * Sends what has gathered and waits for a reply. The limit holds for the reply as a whole: a host that sends an octet
     * now and then gains nothing.
     */
    Reply reply() throws IOException {
        flush();
        long deadline = System.nanoTime() + operation.toNanos();
        StringBuilder text = new StringBuilder(64);
        int total = 0;
        int code = -1;
        while (true) {
            boolean more = false;
            int column = 0;
            int number = 0;
            while (true) {
                int octet = read(deadline);
                if (++total > LONGEST_REPLY) {
                    throw new IOException("reply too long");
                }
                if (octet != '\r' && text.length() < LONGEST_REPLY_TEXT) {
                    text.append((char) octet);
                }
                if (octet == '\n') {
                    break;
                }
                if (column < 3) {
                    number = octet >= '0' && octet <= '9' && number >= 0 ? number * 10 + octet - '0' : -1;
                } else if (column == 3) {
                    more = octet == '-' && number >= 0;
                }
                column++;
            }
            if (code < 0) {
                code = column < 3 || number < 0 ? Reply.GARBLED : number;
            }
            if (!more) {
                return new Reply(code, text.toString());
            }
        }
    }

    /** Says goodbye, without waiting for the answer, and closes. */
    void quit() {
        operation = GOODBYE;
        try {
            command("QUIT");
            flush();
        } catch (IOException gone) {
            // It was to be closed anyway.
        }
        close();
    }

    /** Closes at once: the server sees a connection that broke. */
    @Override
    public void close() {
        watch.remove(this);
        try {
            socket.close();
        } catch (IOException unclosable) {
            // Nothing is lost by it: all that was said on this connection was answered, or is reported as unanswered.
        }
    }

    /** Breaks the connection if a write has been under way for longer than its limit. */
    void closeIfOverdue(long now) {
        if (writing && now - writeDeadline >= 0) {
            close();
        }
    }

    /** Whether more has come than was asked for: replies and commands would no longer belong together. */
    boolean hasUnreadInput() {
        try {
            return inputNext < inputEnd || in.available() > 0;
        } catch (IOException broken) {
            return true;
        }
    }

    private int read(long deadline) throws IOException {
        if (inputNext == inputEnd) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new SocketTimeoutException("reply not complete in time");
            }
            socket.setSoTimeout(millis(Duration.ofNanos(left)));
            int count = in.read(input, 0, input.length);
            if (count < 0) {
                throw new EOFException("closed by the server");
            }
            inputNext = 0;
            inputEnd = count;
        }
        return input[inputNext++] & 0xff;
    }

    /** At least one: zero would mean no limit. */
    private static int millis(Duration limit) {
        return Math.clamp(limit.toMillis(), 1, Integer.MAX_VALUE);
    }
}
