package org.tawnymail.remote.qmqp;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.program.Timed;
import org.tawnymail.tcp.Connection;
import org.tawnymail.tcp.WriteWatch;

/**
 * {@code qmail-qmqpc}: qmail-queue for a host that has no queue (core spec, section 9.4). Hands a message to the first server of
 * control {@code qmqpservers} that can be reached; once one is, no other is tried, so that no message is taken twice. It prints
 * nothing; the exit code says everything.
 */
public final class QmailQmqpc implements Program {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final Duration OPERATION_LIMIT = Duration.ofSeconds(60);
    private static final int OUTPUT_BUFFER = 16 * 1024;

    /** Of an answer, up to the letter that decides: it stands behind a length and a colon. */
    private static final int MOST_BEFORE_LETTER = 100;

    private final Duration connectLimit;

    public QmailQmqpc() {
        this(CONNECT_LIMIT);
    }

    QmailQmqpc(Duration connectLimit) {
        this.connectLimit = connectLimit;
    }

    @Override
    public int run(Call call) {
        Home home = Home.of(call.environment());
        if (!Files.isDirectory(home.path())) {
            return QmqpExit.NO_HOME;
        }
        List<InetSocketAddress> servers;
        try {
            servers = QmqpServers.read(home.controls());
        } catch (IOException unreadable) {
            return QmqpExit.NO_SERVERS;
        }
        if (servers.isEmpty()) {
            return QmqpExit.NO_SERVERS;
        }
        try (QmqpRequest request = request(call)) {
            return send(request, servers);
        } catch (QmqpRequest.Unusable unusable) {
            return unusable.exitCode();
        }
    }

    private static QmqpRequest request(Call call) throws QmqpRequest.Unusable {
        InputStream message;
        InputStream envelope;
        try {
            message = call.descriptors().in(0);
            envelope = call.descriptors().in(1);
        } catch (IOException notOpen) {
            throw new QmqpRequest.Unusable(QmqpExit.UNREADABLE);
        }
        return QmqpRequest.read(message, envelope, scratchDirectory(call));
    }

    /** Where a long message is kept meanwhile: a host without a queue need have no directory of the mail system to write to. */
    private static Path scratchDirectory(Call call) {
        String named = call.environment().get("TMPDIR").orElse("");
        return named.startsWith("/") ? Octets.path(named) : Path.of("/tmp");
    }

    private int send(QmqpRequest request, List<InetSocketAddress> servers) {
        int exitCode = QmqpExit.NO_SERVERS;
        for (InetSocketAddress server : servers) {
            try (SocketChannel channel = SocketChannel.open()) {
                exitCode = connect(channel, server);
                if (exitCode == QmqpExit.TAKEN) {
                    return exchange(request, channel);
                }
            } catch (IOException noSocket) {
                return QmqpExit.NO_SOCKET;
            }
        }
        return exitCode;
    }

    private int connect(SocketChannel channel, InetSocketAddress server) {
        try {
            channel.socket().connect(server, (int) connectLimit.toMillis());
            return QmqpExit.TAKEN;
        } catch (SocketTimeoutException late) {
            return QmqpExit.CONNECT_TIMED_OUT;
        } catch (IOException failed) {
            return QmqpExit.CONNECT_FAILED;
        }
    }

    private static int exchange(QmqpRequest request, SocketChannel channel) {
        try (WriteWatch watch = new WriteWatch();
                Connection connection = new Connection(channel, watch)) {
            limit(connection.input());
            limit(connection.output());
            OutputStream out = new BufferedOutputStream(connection.output(), OUTPUT_BUFFER);
            request.writeTo(out);
            out.flush();
            return answer(connection.input());
        } catch (IOException broken) {
            return QmqpExit.BROKEN;
        }
    }

    /** The first letter that is an answer is the answer. */
    private static int answer(InputStream in) throws IOException {
        for (int i = 0; i < MOST_BEFORE_LETTER; i++) {
            switch (in.read()) {
                case 'K' -> {
                    return QmqpExit.TAKEN;
                }
                case 'Z' -> {
                    return QmqpExit.POSTPONED;
                }
                case 'D' -> {
                    return QmqpExit.REFUSED;
                }
                case -1 -> {
                    return QmqpExit.BROKEN;
                }
                default -> {}
            }
        }
        return QmqpExit.BROKEN;
    }

    private static void limit(Object stream) {
        if (stream instanceof Timed timed) {
            timed.timeout(OPERATION_LIMIT);
        }
    }
}
