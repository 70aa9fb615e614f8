package org.tawnymail.proof.process;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import org.tawnymail.base.Octets;

/** A reader's session: logs in, and reads. For one thread. */
final class Pop3Session implements AutoCloseable {

    private static final int PATIENCE = (int) Duration.ofMinutes(1).toMillis();
    private static final int LONGEST_TEXT = 16 << 20;

    private final Socket connection;
    private final InputStream in;
    private final OutputStream out;

    /** @throws IOException if there is no login */
    Pop3Session(InetSocketAddress server, String user, String password) throws IOException {
        connection = new Socket();
        try {
            connection.connect(server, PATIENCE);
            connection.setSoTimeout(PATIENCE);
            in = new BufferedInputStream(connection.getInputStream());
            out = connection.getOutputStream();
            expectOk(line());
            command("USER " + user);
            command("PASS " + password);
        } catch (IOException noLogin) {
            connection.close();
            throw noLogin;
        }
    }

    /** How many messages there are. */
    int count() throws IOException {
        return Integer.parseInt(command("STAT").split(" ", -1)[1]);
    }

    /** A message with LF line ends, without the empty line that qmail-pop3d puts behind each. */
    byte[] read(int number) throws IOException {
        command("RETR " + number);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (String line = line(); !line.equals("."); line = line()) {
            text.writeBytes(Octets.of((line.startsWith(".") ? line.substring(1) : line) + "\n"));
            if (text.size() > LONGEST_TEXT) {
                throw new IOException("a message without end");
            }
        }
        return Arrays.copyOf(text.toByteArray(), Math.max(0, text.size() - 1));
    }

    private String command(String command) throws IOException {
        out.write(Octets.of(command + "\r\n"));
        String reply = line();
        expectOk(reply);
        return reply;
    }

    private static void expectOk(String reply) throws IOException {
        if (!reply.startsWith("+OK")) {
            throw new IOException("POP3 answers " + reply);
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0 || line.size() > LONGEST_TEXT) {
                throw new IOException("POP3 ends in the middle of a line");
            }
            if (octet != '\r') {
                line.write(octet);
            }
        }
        return Octets.text(line.toByteArray());
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
