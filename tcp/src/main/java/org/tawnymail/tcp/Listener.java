package org.tawnymail.tcp;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Accepts connections on one port and serves each on a virtual thread of its own, never more than so many at once: the
 * others wait in the system's backlog.
 *
 * <p>It is bound when it exists, and accepts from {@link #start} on, so that privileges can be given up in between.
 */
public final class Listener implements AutoCloseable {

    /** What is done with a connection, and who wants to know how many there are. */
    interface Service {

        /** Serves a connection to its end on the calling thread. It is closed afterwards if it was not before. */
        void serve(Connection connection);

        /** So many connections are served now: told at the start, and whenever the number changes, one call at a time. */
        void status(int connections);
    }

    /** How long {@link #close()} lets connections end by themselves. */
    private static final Duration LET_END = Duration.ofSeconds(10);

    /** How long it then waits for those that were broken. */
    private static final Duration BREAK = Duration.ofSeconds(5);

    /** The pause after the system refused to accept, usually because there are too many open files. */
    private static final Duration REFUSED_PAUSE = Duration.ofMillis(100);

    private final ServerSocketChannel channel;
    private final InetSocketAddress address;
    private final int limit;
    private final Service service;
    private final WriteWatch watch = new WriteWatch();
    private final Thread acceptor;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Thread, Connection> running = new HashMap<>();
    private boolean closing;
    private boolean started;

    private Listener(ServerSocketChannel channel, int limit, Service service) throws IOException {
        this.channel = channel;
        this.address = (InetSocketAddress) channel.getLocalAddress();
        this.limit = limit;
        this.service = service;
        this.acceptor = Thread.ofVirtual().name("accept " + address).unstarted(this::accept);
    }

    /** A socket for the family of an address. An IPv4 socket takes IPv4 alone; one of IPv6 takes both, as the system has it. */
    static ServerSocketChannel socket(InetSocketAddress address) throws IOException {
        boolean ipv4 = address.getAddress() instanceof Inet4Address;
        return ServerSocketChannel.open(ipv4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
    }

    /**
     * Takes a socket's port.
     *
     * @param channel belongs to the listener from now on, also if this fails
     * @param limit how many connections at most are served at once; 0 serves none, for ever
     */
    static Listener bind(
            ServerSocketChannel channel, InetSocketAddress address, int backlog, int limit, Service service)
            throws IOException {
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address, Math.max(1, backlog));
            return new Listener(channel, limit, service);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Begins to accept. */
    public void start() {
        lock.lock();
        try {
            if (started || closing) {
                throw new IllegalStateException("started or closed before");
            }
            started = true;
        } finally {
            lock.unlock();
        }
        service.status(0);
        acceptor.start();
    }

    /** The address it is bound to, with the actual port. */
    public InetSocketAddress address() {
        return address;
    }

    /** The actual port, also where the system was asked for a free one. */
    public int port() {
        return address.getPort();
    }

    /** Waits until it no longer accepts. */
    public void await() throws InterruptedException {
        acceptor.join();
    }

    /** The same as {@link #close(Duration)} with ten seconds. */
    @Override
    public void close() {
        close(LET_END);
    }

    /**
     * Stops accepting, lets the connections that are served end by themselves for a while, then breaks them. An
     * interrupt of the calling thread shortens the wait and stays pending.
     */
    public void close(Duration letEnd) {
        stopAccepting();
        awaitEnd(letEnd);
        breakConnections();
        boolean pending = Thread.interrupted();
        // A program that minds neither an interrupt nor a broken connection is left behind.
        awaitEnd(BREAK);
        if (pending) {
            Thread.currentThread().interrupt();
        }
        watch.close();
    }

    private void stopAccepting() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            channel.close();
        } catch (IOException e) {
            // It was bound and is now of no use to anybody, closed or not.
        }
    }

    private void awaitEnd(Duration within) {
        long left = within.toNanos();
        lock.lock();
        try {
            while (!running.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void breakConnections() {
        Map<Thread, Connection> left;
        lock.lock();
        try {
            left = new HashMap<>(running);
        } finally {
            lock.unlock();
        }
        left.forEach((thread, connection) -> {
            thread.interrupt();
            closeQuietly(connection);
        });
    }

    private void accept() {
        try {
            while (waitForRoom()) {
                SocketChannel accepted;
                try {
                    accepted = channel.accept();
                } catch (ClosedChannelException closed) {
                    return;
                } catch (IOException refused) {
                    Thread.sleep(REFUSED_PAUSE);
                    continue;
                }
                serve(accepted);
            }
        } catch (InterruptedException e) {
            // Nobody interrupts the acceptor but who wants it to end.
        }
    }

    /** Waits until one more may be served; false if none shall be any more. */
    private boolean waitForRoom() throws InterruptedException {
        lock.lock();
        try {
            while (running.size() >= limit && !closing) {
                changed.await();
            }
            return !closing;
        } finally {
            lock.unlock();
        }
    }

    private void serve(SocketChannel accepted) {
        Connection connection;
        try {
            connection = new Connection(accepted, watch);
        } catch (IOException gone) {
            // The peer did not wait.
            return;
        }
        Thread thread = Thread.ofVirtual().name("connection").unstarted(() -> serveToTheEnd(connection));
        lock.lock();
        try {
            if (closing) {
                closeQuietly(connection);
                return;
            }
            running.put(thread, connection);
            service.status(running.size());
        } finally {
            lock.unlock();
        }
        thread.start();
    }

    private void serveToTheEnd(Connection connection) {
        try {
            service.serve(connection);
        } finally {
            closeQuietly(connection);
            ended();
        }
    }

    private void ended() {
        lock.lock();
        try {
            running.remove(Thread.currentThread());
            service.status(running.size());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (IOException e) {
            // It is closed as far as it can be.
        }
    }
}
