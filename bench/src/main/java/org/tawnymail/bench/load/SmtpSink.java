package org.tawnymail.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * An SMTP server that takes every message, counts it and throws it away. It can be slow, and it can refuse. One virtual
 * thread a connection.
 */
public final class SmtpSink implements AutoCloseable {

    /**
     * How it behaves.
     *
     * @param pipelining whether it offers PIPELINING
     * @param delay how long it waits before each answer to a text
     * @param recipientReply its answer to RCPT, such as {@code 250 ok} or {@code 550 no such user}
     * @param textReply its answer to the final dot
     */
    public record Behaviour(boolean pipelining, Duration delay, String recipientReply, String textReply) {

        /** Takes everything at once. */
        public static final Behaviour WILLING = new Behaviour(true, Duration.ZERO, "250 ok", "250 ok");
    }

    private static final int BACKLOG = 1024;
    private static final Duration AFTER_TROUBLE = Duration.ofMillis(10);
    private static final Duration IDLE = Duration.ofMinutes(5);

    private final List<ServerSocket> listeners = new ArrayList<>();
    private final Behaviour behaviour;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicInteger recipients = new AtomicInteger();
    private final AtomicLong octets = new AtomicLong();
    private volatile long lastTaken = System.nanoTime();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** Listens on the loopback address from now on. */
    public SmtpSink(int port, Behaviour behaviour) throws IOException {
        this(List.of(InetAddress.getLoopbackAddress()), port, behaviour);
    }

    /**
     * Listens from now on.
     *
     * @param addresses as many hosts, all on one port
     * @param port 0 lets the system choose
     */
    public SmtpSink(List<InetAddress> addresses, int port, Behaviour behaviour) throws IOException {
        this.behaviour = behaviour;
        for (InetAddress address : addresses) {
            ServerSocket listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(address, listeners.isEmpty() ? port : port()), BACKLOG);
            listeners.add(listener);
        }
        for (ServerSocket listener : listeners) {
            Thread.ofVirtual().name("sink").start(() -> accept(listener));
        }
    }

    public int port() {
        return listeners.getFirst().getLocalPort();
    }

    /** How many connections there were. */
    public int connections() {
        return connections.get();
    }

    /** How many messages it took. */
    public int messages() {
        return messages.get();
    }

    /** How many recipients these had, together. */
    public int recipients() {
        return recipients.get();
    }

    /** When it took the last one, on the clock of {@link System#nanoTime}. */
    public long lastTaken() {
        return lastTaken;
    }

    /** The octets of their texts as they were sent. */
    public long octets() {
        return octets.get();
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket listener : listeners) {
            listener.close();
        }
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept(ServerSocket listener) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closedOrFull) {
                LockSupport.parkNanos(AFTER_TROUBLE.toNanos());
            }
        }
    }

    private void serve(Socket socket) {
        open.add(socket);
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) IDLE.toMillis());
            new Session(socket.getInputStream(), socket.getOutputStream()).serve();
        } catch (IOException gone) {
            // The client is gone; what it had acknowledged is counted.
        } finally {
            open.remove(socket);
        }
    }

    private final class Session {

        private static final int BLOCK = 8192;
        private static final int LONGEST_COMMAND = 2048;

        private final InputStream in;
        private final OutputStream out;
        private final byte[] block = new byte[BLOCK];
        private final StringBuilder replies = new StringBuilder();
        private int next;
        private int end;

        Session(InputStream in, OutputStream out) {
            this.in = in;
            this.out = out;
        }

        void serve() throws IOException {
            reply("220 sink");
            int accepted = 0;
            while (true) {
                String command = command();
                switch (command.length() < 4 ? command : command.substring(0, 4)) {
                    case "EHLO" ->
                        reply(behaviour.pipelining ? "250-sink\r\n250-PIPELINING\r\n250 8BITMIME" : "250 sink");
                    case "HELO", "NOOP" -> reply("250 ok");
                    case "MAIL", "RSET" -> {
                        accepted = 0;
                        reply("250 ok");
                    }
                    case "RCPT" -> {
                        accepted += behaviour.recipientReply.startsWith("2") ? 1 : 0;
                        reply(behaviour.recipientReply);
                    }
                    case "DATA" -> {
                        if (accepted > 0) {
                            text(accepted);
                        } else {
                            reply("503 RCPT first");
                        }
                    }
                    case "QUIT" -> {
                        reply("221 sink");
                        flush();
                        return;
                    }
                    default -> reply("502 unimplemented");
                }
            }
        }

        private void text(int itsRecipients) throws IOException {
            reply("354 go ahead");
            long taken = 0;
            int matched = 2; // of CRLF . CRLF: a text begins at the start of a line
            while (matched < 5) {
                int octet = octet();
                taken++;
                matched = switch (matched) {
                    case 1, 4 -> octet == '\n' ? matched + 1 : octet == '\r' ? 1 : 0;
                    case 2 -> octet == '.' ? 3 : octet == '\r' ? 1 : 0;
                    case 3 -> octet == '\r' ? 4 : 0;
                    default -> octet == '\r' ? 1 : 0;
                };
            }
            pause();
            if (behaviour.textReply.startsWith("2")) {
                lastTaken = System.nanoTime();
                octets.addAndGet(taken);
                recipients.addAndGet(itsRecipients);
                messages.incrementAndGet();
            }
            reply(behaviour.textReply);
        }

        private void pause() throws IOException {
            if (behaviour.delay.isPositive()) {
                try {
                    Thread.sleep(behaviour.delay);
                } catch (InterruptedException asked) {
                    throw new IOException("stopped", asked);
                }
            }
        }

        private String command() throws IOException {
            StringBuilder command = new StringBuilder();
            for (int octet = octet(); octet != '\n'; octet = octet()) {
                if (octet != '\r') {
                    command.append((char) octet);
                }
                if (command.length() > LONGEST_COMMAND) {
                    throw new IOException("command too long");
                }
            }
            return command.toString();
        }

        private int octet() throws IOException {
            if (next == end) {
                flush();
                next = 0;
                end = in.read(block);
                if (end < 0) {
                    end = 0;
                    throw new IOException("closed");
                }
            }
            return block[next++] & 0xff;
        }

        private void reply(String reply) {
            replies.append(reply).append("\r\n");
        }

        private void flush() throws IOException {
            if (!replies.isEmpty()) {
                out.write(replies.toString().getBytes(StandardCharsets.ISO_8859_1));
                replies.setLength(0);
            }
        }
    }
}
