package org.tawnymail.tcp;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.posix.LentSocket;
import org.tawnymail.base.posix.SocketAddresses;
import org.tawnymail.base.program.Lendable;
import org.tawnymail.base.program.Timed;

/**
 * One connection: two streams, each of whose operations can be given a limit.
 *
 * <p>A read that takes too long fails and leaves the connection as it is, so that a farewell can still be sent. A write
 * that takes too long breaks the connection, for half of it may be on its way; the {@link WriteWatch} notices.
 *
 * <p>Nothing is buffered here: a read or write is a system call. Small packets are sent at once (TCP_NODELAY): whoever
 * writes gathers first.
 */
public final class Connection implements Closeable {

    /** How long a caller who is still talking is listened to after the last word, so that he hears it. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    /** And how much he may say. */
    private static final int MOST_LINGERED = 1 << 20;

    private static final int LINGER_BUFFER = 4096;

    private final Socket socket;
    private final SocketChannel channel;
    private final WriteWatch watch;
    private final Input input;
    private final Output output;
    /** A child process had the socket: it may have left it to others, whose connection is not ours to end. */
    private volatile boolean lent;

    /**
     * @param channel connected and blocking; belongs to the connection from now on, also if this fails
     * @param watch breaks writes that take too long
     */
    public Connection(SocketChannel channel, WriteWatch watch) throws IOException {
        this.channel = channel;
        this.socket = channel.socket();
        this.watch = watch;
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            this.input = new Input();
            this.output = new Output();
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        watch.add(output);
    }

    /** What the peer sends; is {@link Timed} and {@link Lendable}. */
    public InputStream input() {
        return input;
    }

    /** What the peer gets; is {@link Timed} and {@link Lendable}. */
    public OutputStream output() {
        return output;
    }

    /** This end. */
    public InetSocketAddress local() throws IOException {
        return (InetSocketAddress) known(channel.getLocalAddress());
    }

    /** The other end. */
    public InetSocketAddress remote() throws IOException {
        return (InetSocketAddress) known(channel.getRemoteAddress());
    }

    /** Ends the connection at once. May be called by any thread; an operation under way fails. */
    @Override
    public void close() throws IOException {
        watch.remove(output);
        channel.close();
    }

    /**
     * Ends the connection after a last word to a peer who may still be sending. Closed at once, the system would answer
     * what is unread or still comes with a reset, and the reset can destroy the last word before the peer has read it.
     */
    void closeAfterLastWord() throws IOException {
        if (lent) {
            close();
            return;
        }
        try (this) {
            channel.shutdownOutput();
            long end = System.nanoTime() + LINGER.toNanos();
            byte[] heard = new byte[LINGER_BUFFER];
            int total = 0;
            for (long left = LINGER.toMillis();
                    left > 0 && total < MOST_LINGERED;
                    left = (end - System.nanoTime()) / 1_000_000) {
                socket.setSoTimeout((int) left);
                int n = socket.getInputStream().read(heard);
                if (n < 0) {
                    return;
                }
                total += n;
            }
        } catch (SocketTimeoutException enough) {
            // He was given his time.
        }
    }

    private Optional<Lendable.Lease> lend() throws IOException {
        Optional<Lendable.Lease> lease = LentSocket.of(new SocketAddresses(local(), remote()));
        lent |= lease.isPresent();
        return lease;
    }

    private static <T> T known(@Nullable T address) throws IOException {
        if (address == null) {
            throw new SocketException("Socket closed");
        }
        return address;
    }

    private final class Input extends InputStream implements Timed, Lendable {

        private final InputStream stream;

        private Input() throws IOException {
            this.stream = socket.getInputStream();
        }

        @Override
        public void timeout(Duration limit) {
            try {
                socket.setSoTimeout(Math.clamp(limit.toMillis(), 1, Integer.MAX_VALUE));
            } catch (SocketException closed) {
                // The next read says so.
            }
        }

        @Override
        public Optional<Lease> lend() throws IOException {
            return Connection.this.lend();
        }

        @Override
        public int read() throws IOException {
            return stream.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return stream.read(buffer, offset, length);
        }

        @Override
        public int available() throws IOException {
            return stream.available();
        }
    }

    private final class Output extends OutputStream implements Timed, Lendable, WriteWatch.Writer {

        private final OutputStream stream;
        private volatile long limitNanos;
        private volatile long deadline;
        private volatile boolean expired;

        private Output() throws IOException {
            this.stream = socket.getOutputStream();
        }

        @Override
        public void timeout(Duration limit) {
            limitNanos = Math.max(1, limit.toNanos());
        }

        @Override
        public Optional<Lease> lend() throws IOException {
            return Connection.this.lend();
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            long limit = limitNanos;
            if (limit != 0) {
                // 0 stands for "no write under way".
                deadline = (System.nanoTime() + limit) | 1;
            }
            try {
                stream.write(buffer, offset, length);
            } catch (IOException e) {
                if (expired) {
                    throw new SocketTimeoutException("Write timed out");
                }
                throw e;
            } finally {
                deadline = 0;
            }
        }

        @Override
        public void breakIfLate(long now) {
            long due = deadline;
            if (due == 0 || now - due < 0) {
                return;
            }
            expired = true;
            try {
                channel.close();
            } catch (IOException alreadyBroken) {
                // Then the write has ended anyway.
            }
        }
    }
}
