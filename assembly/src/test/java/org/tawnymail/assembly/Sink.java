package org.tawnymail.assembly;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A plain SMTP server that keeps what it gets: another host, as plain as hosts come (no extensions at all). */
final class Sink implements AutoCloseable {

    /** One message as it arrived: envelope, and text with CRLF line ends and dots removed. */
    record Mail(String sender, List<String> recipients, String text) {}

    private final ServerSocket listener;
    private final List<Mail> received = new CopyOnWriteArrayList<>();

    Sink() throws IOException {
        listener = new ServerSocket(0, 200, InetAddress.ofLiteral("127.0.0.1"));
        Thread.startVirtualThread(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    List<Mail> received() {
        return received;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket connection = listener.accept();
                Thread.startVirtualThread(() -> serve(connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            BufferedReader in = new BufferedReader(new InputStreamReader(connection.getInputStream(), ISO_8859_1));
            OutputStream out = connection.getOutputStream();
            reply(out, "220 sink.test ESMTP");
            String sender = "";
            List<String> recipients = new java.util.ArrayList<>();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String verb = line.substring(0, Math.min(4, line.length())).toUpperCase(java.util.Locale.ROOT);
                switch (verb) {
                    case "HELO" -> reply(out, "250 sink.test");
                    case "MAIL" -> {
                        sender = path(line);
                        recipients = new java.util.ArrayList<>();
                        reply(out, "250 ok");
                    }
                    case "RCPT" -> {
                        recipients.add(path(line));
                        reply(out, "250 ok");
                    }
                    case "DATA" -> {
                        reply(out, "354 go ahead");
                        received.add(new Mail(sender, recipients, text(in)));
                        reply(out, "250 kept");
                    }
                    case "RSET" -> reply(out, "250 ok");
                    case "QUIT" -> {
                        reply(out, "221 bye");
                        return;
                    }
                    default -> reply(out, "502 no");
                }
            }
        } catch (IOException gone) {
            // The client left; what it had handed over is kept.
        }
    }

    private static String text(BufferedReader in) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            text.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
        }
        return text.toString();
    }

    private static String path(String line) {
        return line.substring(line.indexOf('<') + 1, line.lastIndexOf('>'));
    }

    private static void reply(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(ISO_8859_1));
    }
}
