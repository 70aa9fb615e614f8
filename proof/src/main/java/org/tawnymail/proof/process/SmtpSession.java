package org.tawnymail.proof.process;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.tawnymail.base.Octets;

/** A session of an SMTP client that takes nothing for granted. For one thread. */
final class SmtpSession implements AutoCloseable {

    private static final int PATIENCE = (int) Duration.ofMinutes(2).toMillis();
    private static final int LONGEST_REPLY = 4096;

    private final Socket connection;
    private final InputStream in;
    private final OutputStream out;

    /** @throws IOException if there is no server, or it does not greet */
    SmtpSession(InetSocketAddress server) throws IOException {
        connection = new Socket();
        try {
            connection.connect(server, PATIENCE);
            connection.setSoTimeout(PATIENCE);
            connection.setTcpNoDelay(true);
            in = new BufferedInputStream(connection.getInputStream());
            out = new BufferedOutputStream(connection.getOutputStream());
            expect("2", reply());
            expect("2", command("EHLO client.test"));
        } catch (IOException noServer) {
            connection.close();
            throw noServer;
        }
    }

    /**
     * Hands a letter over.
     *
     * @throws IOException if the connection breaks: then nothing is known
     */
    Answer send(String sender, Letter letter) throws IOException {
        String reply = command("MAIL FROM:<" + sender + ">");
        for (String recipient : letter.recipients()) {
            if (!reply.startsWith("2")) {
                break;
            }
            reply = command("RCPT TO:<" + recipient + ">");
        }
        if (reply.startsWith("2")) {
            reply = command("DATA");
        }
        if (reply.startsWith("3")) {
            out.write(onTheWire(letter.text()));
            reply = reply();
        } else {
            command("RSET");
        }
        return switch (reply.charAt(0)) {
            case '2' -> Answer.ACCEPTED;
            case '4' -> new Answer.Refused(reply);
            default -> new Answer.Wrong("SMTP answers " + reply);
        };
    }

    /** With CRLF line ends, dots doubled, and the dot at the end. */
    private static byte[] onTheWire(byte[] text) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream(text.length + text.length / 16 + 16);
        boolean lineBegins = true;
        for (byte octet : text) {
            if (lineBegins && octet == '.') {
                wire.write('.');
            }
            if (octet == '\n') {
                wire.write('\r');
            }
            wire.write(octet);
            lineBegins = octet == '\n';
        }
        wire.writeBytes(Octets.of(".\r\n"));
        return wire.toByteArray();
    }

    private String command(String line) throws IOException {
        out.write(Octets.of(line + "\r\n"));
        return reply();
    }

    /** The last line of a reply. */
    private String reply() throws IOException {
        out.flush();
        String line = line();
        while (line.length() > 3 && line.charAt(3) == '-') {
            line = line();
        }
        if (line.isEmpty()) {
            throw new IOException("an empty reply");
        }
        return line;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new IOException("the server closed the connection");
            }
            if (line.length() == LONGEST_REPLY) {
                throw new IOException("a reply without end");
            }
            if (octet != '\r') {
                line.append((char) octet);
            }
        }
        return line.toString();
    }

    private static void expect(String digit, String reply) throws IOException {
        if (!reply.startsWith(digit)) {
            throw new IOException("unexpected reply: " + reply);
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
