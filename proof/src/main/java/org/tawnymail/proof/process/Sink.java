package org.tawnymail.proof.process;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.tawnymail.base.Octets;

/**
 * Another host, as plain as hosts come. It enters in the ledger what it gets, and then acknowledges it; it lives through the
 * death of the server. One virtual thread a connection.
 */
final class Sink implements AutoCloseable {

    /** Takes one message: its recipient and its text with LF line ends. */
    @FunctionalInterface
    interface Taker {
        void take(String recipient, byte[] text);
    }

    private static final int BACKLOG = 512;
    private static final int IDLE = (int) Duration.ofMinutes(5).toMillis();
    private static final int LONGEST_TEXT = 64 << 20;

    private final ServerSocket listener;
    private final Taker taker;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /**
     * Listens on the loopback address from now on.
     *
     * @param port 0 lets the system choose
     */
    Sink(int port, Taker taker) throws IOException {
        this.taker = taker;
        listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        Thread.ofVirtual().name("sink").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** A port on which nobody listens: a host that does not answer, until a sink takes its place. */
    static int deadPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket connection = listener.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        open.add(connection);
        try (connection) {
            connection.setTcpNoDelay(true);
            connection.setSoTimeout(IDLE);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            reply(out, "220 sink.test ESMTP");
            List<String> recipients = new ArrayList<>();
            while (true) {
                String command = Octets.text(line(in));
                switch (command.substring(0, Math.min(4, command.length())).toUpperCase(Locale.ROOT)) {
                    case "RCPT" -> {
                        recipients.add(command.substring(command.indexOf('<') + 1, command.lastIndexOf('>')));
                        reply(out, "250 ok");
                    }
                    case "DATA" -> {
                        reply(out, "354 go ahead");
                        byte[] text = text(in);
                        recipients.forEach(recipient -> taker.take(recipient, text));
                        reply(out, "250 kept");
                    }
                    case "HELO", "EHLO", "MAIL", "RSET" -> {
                        recipients.clear();
                        reply(out, "250 ok");
                    }
                    case "QUIT" -> {
                        reply(out, "221 bye");
                        return;
                    }
                    default -> reply(out, "502 no");
                }
            }
        } catch (IOException gone) {
            // The client left, or was killed; what it had handed over is entered.
        } finally {
            open.remove(connection);
        }
    }

    private static byte[] text(InputStream in) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        byte[] line = line(in);
        while (line.length != 1 || line[0] != '.') {
            int from = line.length > 0 && line[0] == '.' ? 1 : 0;
            text.write(line, from, line.length - from);
            text.write('\n');
            if (text.size() > LONGEST_TEXT) {
                throw new IOException("a text without end");
            }
            line = line(in);
        }
        return text.toByteArray();
    }

    /** One line without its end. */
    private static byte[] line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0 || line.size() > LONGEST_TEXT) {
                throw new IOException("closed in the middle of a line");
            }
            if (octet != '\r') {
                line.write(octet);
            }
        }
        return line.toByteArray();
    }

    private static void reply(OutputStream out, String line) throws IOException {
        out.write(Octets.of(line + "\r\n"));
    }
}
