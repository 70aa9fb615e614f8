package org.tawnymail.hostile;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A host that accepts one connection after the other, says its piece at once and hangs up when the client has. */
public final class HostileHost implements AutoCloseable {

    /** In milliseconds. */
    private static final int TOO_LONG = 20_000;

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    private volatile byte[] piece = {};

    public HostileHost() throws IOException {
        Thread.ofPlatform().daemon().start(this::serve);
    }

    public InetAddress address() {
        return socket.getInetAddress();
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** What it says from now on. */
    public void says(byte[] octets) {
        piece = octets;
    }

    private void serve() {
        byte[] heard = new byte[8192];
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept()) {
                connection.setSoTimeout(TOO_LONG);
                connection.getOutputStream().write(piece);
                connection.shutdownOutput();
                InputStream in = connection.getInputStream();
                while (in.read(heard) >= 0) {
                    // Lets the client speak until it hangs up.
                }
            } catch (IOException gone) {
                // The client hung up in the middle; the next one comes.
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
