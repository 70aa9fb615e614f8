package org.tawnymail.assembly;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;

/** A plain SMTP client: one connection, replies checked by their first digit only. */
final class SmtpClient implements AutoCloseable {

    private static final int READ_LIMIT_MILLIS = 60_000;

    private final Socket connection;
    private final BufferedReader in;
    private final OutputStream out;

    SmtpClient(int port) throws IOException {
        connection = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
        connection.setSoTimeout(READ_LIMIT_MILLIS);
        connection.setTcpNoDelay(true);
        in = new BufferedReader(new InputStreamReader(connection.getInputStream(), ISO_8859_1));
        out = connection.getOutputStream();
        expect('2', reply());
        expect('2', command("EHLO client.test"));
    }

    /** Sends one message; returns only if it was answered with 250. */
    void send(String sender, String recipient, String text) throws IOException {
        expect('2', command("MAIL FROM:<" + sender + ">"));
        expect('2', command("RCPT TO:<" + recipient + ">"));
        expect('3', command("DATA"));
        out.write((text.replace("\n", "\r\n") + ".\r\n").getBytes(ISO_8859_1));
        expect('2', reply());
    }

    /** Sends a command and gives the last line of its reply. */
    String command(String line) throws IOException {
        out.write((line + "\r\n").getBytes(ISO_8859_1));
        return reply();
    }

    OutputStream raw() {
        return out;
    }

    String reply() throws IOException {
        String line = in.readLine();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            line = in.readLine();
        }
        if (line == null) {
            throw new IOException("the server closed the connection");
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }

    private static void expect(char digit, String reply) throws IOException {
        if (reply.isEmpty() || reply.charAt(0) != digit) {
            throw new IOException("unexpected reply: " + reply);
        }
    }
}
