package org.tawnymail.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tawnymail.base.program.Timed;

@Timeout(60)
final class ConnectionTest {

    private static final Duration SHORT = Duration.ofMillis(30);

    private final WriteWatch watch = new WriteWatch(Duration.ofMillis(5));
    private final ServerSocketChannel server;
    private final SocketChannel peer;
    private final Connection connection;

    ConnectionTest() throws IOException {
        server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        peer = SocketChannel.open(server.getLocalAddress());
        connection = new Connection(server.accept(), watch);
    }

    @BeforeEach
    void limits() {
        ((Timed) connection.input()).timeout(SHORT);
        ((Timed) connection.output()).timeout(SHORT);
    }

    @AfterEach
    void close() throws IOException {
        connection.close();
        peer.close();
        server.close();
        watch.close();
    }

    @Test
    void aSilentPeerEndsTheReadButNotTheConnection() throws IOException {
        assertThatThrownBy(() -> connection.input().read(new byte[10])).isInstanceOf(SocketTimeoutException.class);
        connection.output().write(new byte[] {'b', 'y', 'e'});
        ByteBuffer heard = ByteBuffer.allocate(10);
        assertThat(peer.read(heard)).isEqualTo(3);
    }

    @Test
    void aPeerThatDoesNotReadEndsTheWriteAndTheConnection() {
        byte[] much = new byte[1 << 16];
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10_000; i++) {
                        connection.output().write(much);
                    }
                })
                .isInstanceOf(SocketTimeoutException.class);
        assertThatThrownBy(() -> connection.input().read(new byte[1])).isInstanceOf(IOException.class);
    }

    @Test
    void theTwoEndsHaveTheirAddresses() throws IOException {
        assertThat(connection.remote()).isEqualTo(peer.getLocalAddress());
        assertThat(connection.local()).isEqualTo(server.getLocalAddress());
    }
}
