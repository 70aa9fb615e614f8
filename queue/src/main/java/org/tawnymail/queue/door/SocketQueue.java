package org.tawnymail.queue.door;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.tawnymail.queue.QueueExit;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;

/** The queue of another process, by its socket. Who submits is what the system tells that process. */
public final class SocketQueue implements QueuePort {

    /** How long the owner may take for its answer, when everything is written. */
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    private static final int BUFFER = 8 << 10;

    /** Nobody listens. */
    static final class NoOwner extends IOException {
        NoOwner(Path queue) {
            super("nobody serves " + SocketPath.file(queue));
        }
    }

    private final Path queue;

    /** @param queue the queue directory */
    public SocketQueue(Path queue) {
        this.queue = queue;
    }

    @Override
    public Submission begin(Origin origin) {
        return new WireSubmission(this::open);
    }

    /** @throws NoOwner if no process listens */
    Wire open() throws IOException {
        if (!Files.exists(SocketPath.file(queue))) {
            throw new NoOwner(queue);
        }
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try (SocketPath path = new SocketPath(queue)) {
            channel.connect(path.address());
            return new Connection(channel);
        } catch (ConnectException refused) {
            channel.close();
            throw new NoOwner(queue);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static final class Connection implements Wire {

        private final SocketChannel channel;
        private final OutputStream out;

        Connection(SocketChannel channel) {
            this.channel = channel;
            this.out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
        }

        @Override
        public OutputStream out() {
            return out;
        }

        @Override
        public QueueResult finish() throws IOException {
            out.flush();
            Thread limit = Thread.ofVirtual().start(this::closeWhenPatienceEnds);
            try {
                return SubmissionFormat.readAnswer(Channels.newInputStream(channel));
            } finally {
                limit.interrupt();
            }
        }

        @Override
        public String trouble() {
            return QueueExit.NETWORK_TROUBLE;
        }

        private void closeWhenPatienceEnds() {
            try {
                Thread.sleep(PATIENCE);
                close();
            } catch (InterruptedException answered) {
                // As it should be.
            }
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                // Whatever became of the connection, this submission is over.
            }
        }
    }
}
