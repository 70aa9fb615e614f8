package org.tawnymail.queue.door;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channels;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.tawnymail.queue.QueueExit;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.disk.LocalDisk;

/**
 * Lets other processes submit mail: listens on the socket of the queue, and takes in what waits in the drop directory, at the
 * start and every few seconds. Runs in the process that owns the queue.
 */
public final class QueueSocketServer implements AutoCloseable {

    /** Connections at a time; others wait in the system's queue. */
    private static final int MOST_CONNECTIONS = 200;

    private static final int BACKLOG = 128;

    /** A connection on which nothing moves for so long is closed. */
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(20);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

    /** How long submissions under way may go on when the owner of the queue ends. */
    private static final Duration LAST_ORDERS = Duration.ofSeconds(5);

    /** Who may submit mail. */
    public enum Access {
        /** The user whom this process runs as, and root: the playground. */
        OWNER("rw-------", 0700, 0700),
        /** Every user of this machine: an installed system. Nobody can list what waits. */
        EVERYBODY("rw-rw-rw-", 0711, 01733);

        private final String socket;
        private final int queueMode;
        private final int dropMode;

        Access(String socket, int queueMode, int dropMode) {
            this.socket = socket;
            this.queueMode = queueMode;
            this.dropMode = dropMode;
        }
    }

    /** The entry of the queue for mail of others. */
    @FunctionalInterface
    public interface Entry {
        /** @param uid the user id of the submitter, as the system vouches for it */
        Submission begin(Origin origin, int uid);
    }

    private final Path queue;
    private final Entry entry;
    private final Submitters submitters;
    private final DropIntake intake;
    private final Consumer<String> log;
    private final ServerSocketChannel listener;
    private final Selector waiting;
    private final Semaphore places = new Semaphore(MOST_CONNECTIONS);
    private final Map<SocketChannel, Long> lastMoved = new ConcurrentHashMap<>();
    private final Thread accepting;
    private final Thread looking;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean closing;

    private QueueSocketServer(
            Path queue,
            Entry entry,
            Submitters submitters,
            DropIntake intake,
            ServerSocketChannel listener,
            Selector waiting,
            Consumer<String> log) {
        this.queue = queue;
        this.entry = entry;
        this.submitters = submitters;
        this.intake = intake;
        this.listener = listener;
        this.waiting = waiting;
        this.log = log;
        this.accepting = Thread.ofPlatform().name("queue-socket").daemon().unstarted(this::acceptAll);
        this.looking = Thread.ofVirtual().name("queue-drop").unstarted(this::lookAround);
    }

    /**
     * Opens the door; what waited in the drop directory is taken in from now on.
     *
     * @param queue the queue directory, whose lock this process holds
     * @param entry usually {@code JournalQueue::begin}
     * @param log takes one line for each thing that an operator should know
     */
    public static QueueSocketServer open(
            Path queue, Entry entry, Access access, InstantSource clock, Consumer<String> log) throws IOException {
        Submitters submitters = Submitters.ofThisMachine();
        DropIntake intake = DropIntake.of(queue, entry, new LocalDisk(), clock, log);
        Files.setAttribute(queue, "unix:mode", access.queueMode);
        Files.setAttribute(DropDirectory.in(queue), "unix:mode", access.dropMode);
        ServerSocketChannel listener = listen(queue, access);
        Selector waiting = Selector.open();
        listener.register(waiting, SelectionKey.OP_ACCEPT);
        QueueSocketServer server = new QueueSocketServer(queue, entry, submitters, intake, listener, waiting, log);
        server.accepting.start();
        server.looking.start();
        return server;
    }

    /** The file of an earlier owner is in the way; that it is dead is known from the lock. */
    private static ServerSocketChannel listen(Path queue, Access access) throws IOException {
        Path file = SocketPath.file(queue);
        Files.deleteIfExists(file);
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try (SocketPath path = new SocketPath(queue)) {
            listener.bind(path.address(), BACKLOG);
            Files.setAttribute(file, "posix:permissions", PosixFilePermissions.fromString(access.socket));
            listener.configureBlocking(false);
            return listener;
        } catch (IOException | RuntimeException e) {
            listener.close();
            throw e;
        }
    }

    private void acceptAll() {
        boolean goesOn = true;
        while (goesOn) {
            try {
                places.acquire();
                goesOn = acceptOne();
            } catch (InterruptedException end) {
                return;
            }
        }
    }

    /** Says whether there may be more: at the end, whoever has connected in time has been accepted. */
    private boolean acceptOne() throws InterruptedException {
        try {
            SocketChannel connection = nextConnection();
            if (connection != null) {
                lastMoved.put(connection, System.nanoTime());
                Thread.ofVirtual().name("queue-connection").start(() -> serve(connection));
                return true;
            }
        } catch (IOException e) {
            if (!closing) {
                log.accept("queue: unable to accept a connection: " + e.getMessage());
                places.release();
                pause();
                return true;
            }
        }
        places.release();
        return false;
    }

    /** Waits for the next; null when we are closing and nobody is left. */
    private @Nullable SocketChannel nextConnection() throws IOException {
        while (true) {
            SocketChannel connection = listener.accept();
            if (connection != null || closing) {
                return connection;
            }
            waiting.select();
            waiting.selectedKeys().clear();
        }
    }

    /** Whatever is wrong (no file numbers left, for one) may be right again soon. */
    private void pause() throws InterruptedException {
        if (closed.await(1, TimeUnit.SECONDS)) {
            closing = true;
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            int uid = Submitters.uid(connection
                    .getOption(ExtendedSocketOptions.SO_PEERCRED)
                    .user()
                    .getName());
            OutputStream out = Channels.newOutputStream(connection);
            SubmissionFormat.writeAnswer(out, receive(connection, uid));
        } catch (EOFException clientGaveUp) {
            // As one does who finds the message too large: nothing was submitted.
        } catch (IOException e) {
            if (!closing) {
                log.accept("queue: a submission by the socket failed: " + e.getMessage());
            }
        } finally {
            lastMoved.remove(connection);
            places.release();
        }
    }

    private QueueResult receive(SocketChannel connection, int uid) throws IOException {
        InputStream in = new BufferedInputStream(new Moving(connection));
        try (Submission submission = entry.begin(submitters.origin(uid), uid)) {
            return SubmissionFormat.transfer(in, submission);
        } catch (SubmissionFormat.Malformed none) {
            log.accept("queue: uid " + Integer.toUnsignedString(uid) + " sent no submission to the socket: "
                    + none.getMessage());
            return new QueueResult.Refused(false, QueueExit.INTERNAL_BUG);
        }
    }

    /** Reads a connection and notes that it moves. */
    private final class Moving extends InputStream {

        private final SocketChannel connection;
        private final InputStream in;

        Moving(SocketChannel connection) {
            this.connection = connection;
            this.in = Channels.newInputStream(connection);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int got = in.read(into, offset, length);
            lastMoved.replace(connection, System.nanoTime());
            return got;
        }
    }

    private void lookAround() {
        while (!closing) {
            intake.run(() -> closing);
            closeSilent();
            try {
                if (closed.await(BETWEEN_LOOKS.toSeconds(), TimeUnit.SECONDS)) {
                    return;
                }
            } catch (InterruptedException end) {
                return;
            }
        }
    }

    private void closeSilent() {
        long now = System.nanoTime();
        lastMoved.forEach((connection, moved) -> {
            if (now - moved > LONGEST_SILENCE.toNanos()) {
                closeQuietly(connection);
            }
        });
    }

    private static void closeQuietly(SocketChannel connection) {
        try {
            connection.close();
        } catch (IOException e) {
            // Its thread notices that it is closed.
        }
    }

    /**
     * Closes the door. Whoever comes now finds none and leaves mail in the drop directory; who has come is served to the end,
     * unless that takes longer than {@link #LAST_ORDERS}.
     */
    @Override
    public void close() throws IOException {
        deleteSocket();
        closing = true;
        // Not interrupted: what is being taken in is to be taken in once.
        closed.countDown();
        waiting.wakeup();
        try {
            awaitLastOrders();
            looking.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            accepting.interrupt();
            listener.close();
            waiting.close();
            lastMoved.keySet().forEach(QueueSocketServer::closeQuietly);
        }
    }

    private void awaitLastOrders() throws InterruptedException {
        long end = System.nanoTime() + LAST_ORDERS.toNanos();
        if (accepting.join(LAST_ORDERS)) {
            places.tryAcquire(MOST_CONNECTIONS, end - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
    }

    /** One that stays does no harm: nobody listens there, which clients notice, and the next owner removes it. */
    private void deleteSocket() {
        try {
            Files.deleteIfExists(SocketPath.file(queue));
        } catch (IOException e) {
            log.accept("queue: unable to remove " + SocketPath.file(queue) + ": " + e.getMessage());
        }
    }
}
