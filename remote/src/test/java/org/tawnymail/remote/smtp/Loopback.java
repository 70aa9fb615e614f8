package org.tawnymail.remote.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

/** A wire and the raw socket at its other end. */
final class Loopback implements AutoCloseable {

    final Wire wire;
    final Socket host;

    Loopback(Duration operation) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            Peer peer = new Peer(server.getInetAddress(), server.getLocalPort());
            Limits limits = new Limits(Duration.ofSeconds(5), operation);
            wire = Wire.connect(peer, limits, new OverdueWatch(() -> {}));
            host = server.accept();
        }
    }

    @Override
    public void close() throws IOException {
        wire.close();
        host.close();
    }
}
