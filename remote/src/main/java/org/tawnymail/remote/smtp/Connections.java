package org.tawnymail.remote.smtp;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The connections of this process to other hosts: gives every host its share of them, and keeps a connection for a short
 * while after a letter because the next one for the same host is often close behind. Safe for use by many threads.
 *
 * <p>Whoever wants to talk to a host takes a {@link Lease}, the right to one connection. A kept connection comes with it if
 * there is one, the one used last first, so that those that are not needed grow old and are closed. Leases of a host whose
 * share is used up are given to those who wait in the order in which they came.
 *
 * <p>Its lock is never held while anything is said on a connection.
 */
public final class Connections implements AutoCloseable {

    /** How long a connection is kept for the next letter: longer than a gap in a steady flow, shorter than any server minds. */
    static final Duration LONGEST_IDLE = Duration.ofSeconds(3);

    /** How many connections wait for a next letter, all hosts together. */
    static final int MOST_IDLE = 100;

    /** Letters on one connection: some servers, and the balancers before them, want a new one now and then. */
    static final int MOST_LETTERS = 500;

    private record Idle(SmtpSession session, Instant since) {}

    /** What is open to one host. Exists while anything is open or awaited. */
    private static final class Host {
        private int open;
        private final Deque<Idle> idle = new ArrayDeque<>();
        private final Deque<Waiter> waiters = new ArrayDeque<>();
    }

    /** Somebody in the queue for a host's share. */
    private static final class Waiter {
        private final Condition served;
        private @Nullable Lease lease;

        private Waiter(Condition served) {
            this.served = served;
        }
    }

    private final InstantSource clock;
    private final int mostIdle;
    private final OverdueWatch watch = new OverdueWatch(this::closeIdle);
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Peer, Host> hosts = new HashMap<>();
    private int idle;
    private boolean closed;

    private Connections(InstantSource clock, int mostIdle) {
        this.clock = clock;
        this.mostIdle = mostIdle;
    }

    /** For a server: connections are kept between letters. */
    public static Connections kept(InstantSource clock) {
        return new Connections(clock, MOST_IDLE);
    }

    /** For a program that carries one letter: nothing is kept. */
    public static Connections single() {
        return new Connections(InstantSource.system(), 0);
    }

    /** The right to one connection to one host; whoever holds it closes it. Used by one thread. */
    public final class Lease implements AutoCloseable {

        private final Peer peer;
        private final Host host;
        private @Nullable SmtpSession session;

        private Lease(Peer peer, Host host, @Nullable SmtpSession session) {
            this.peer = peer;
            this.host = host;
            this.session = session;
        }

        /** The connection that was kept, or the one that was opened last. */
        public Optional<SmtpSession> session() {
            return Optional.ofNullable(session);
        }

        /** Opens a new connection in place of the one there is, if there is one. */
        public SmtpSession.Opening open(String helo, Limits limits) {
            endSession();
            SmtpSession.Opening opening = SmtpSession.open(peer, helo, limits, watch);
            if (opening instanceof SmtpSession.Opening.Ready(SmtpSession opened)) {
                session = opened;
            }
            return opening;
        }

        /** Gives the right back. The connection is kept if it is good for another letter, else ended. */
        @Override
        public void close() {
            SmtpSession last = session;
            boolean worthKeeping = last != null && last.isReusable() && last.letters() < MOST_LETTERS;
            if (!worthKeeping) {
                endSession();
            }
            SmtpSession left = giveBack(peer, host, worthKeeping ? last : null);
            if (left != null) {
                left.end();
            }
        }

        private void endSession() {
            SmtpSession last = session;
            if (last != null) {
                session = null;
                last.end();
            }
        }
    }

    /**
     * Takes a lease, waiting for it if the host's share is used up.
     *
     * @param helo a kept connection on which this host gave another name is not used
     * @param share how many connections to this host there may be
     * @param longestWait how long to wait at most
     * @return nothing if there was none in time, or the waiting thread was interrupted
     */
    public Optional<Lease> lease(Peer peer, String helo, int share, Duration longestWait) {
        Lease lease = take(peer, share, longestWait);
        if (lease != null) {
            SmtpSession kept = lease.session;
            if (kept != null && !kept.introducedAs(helo)) {
                lease.endSession();
            }
        }
        return Optional.ofNullable(lease);
    }

    /** Ends all connections that nobody uses; those in use end when they are given back. */
    @Override
    public void close() {
        List<SmtpSession> ending;
        lock.lock();
        try {
            closed = true;
            ending = takeIdleSince(Instant.MAX);
        } finally {
            lock.unlock();
        }
        ending.forEach(SmtpSession::end);
    }

    /** Ends the connections that have been kept for too long. */
    void closeIdle() {
        List<SmtpSession> ending;
        lock.lock();
        try {
            ending = idle == 0 ? List.of() : takeIdleSince(clock.instant().minus(LONGEST_IDLE));
        } finally {
            lock.unlock();
        }
        ending.forEach(SmtpSession::end);
    }

    /** How many connections are kept: for tests. */
    int idle() {
        lock.lock();
        try {
            return idle;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Lease take(Peer peer, int share, Duration longestWait) {
        lock.lock();
        try {
            Host host = hosts.computeIfAbsent(peer, unknown -> new Host());
            Idle kept = host.idle.pollFirst();
            if (kept != null) {
                idle--;
                return new Lease(peer, host, kept.session);
            }
            if (host.open < share && host.waiters.isEmpty()) {
                host.open++;
                return new Lease(peer, host, null);
            }
            return await(host, longestWait);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Lease await(Host host, Duration longestWait) {
        Waiter waiter = new Waiter(lock.newCondition());
        host.waiters.addLast(waiter);
        long left = longestWait.toNanos();
        try {
            while (waiter.lease == null && left > 0) {
                left = waiter.served.awaitNanos(left);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        host.waiters.remove(waiter);
        return waiter.lease;
    }

    /** Takes back a lease; the answer is a session that cannot be kept. */
    private @Nullable SmtpSession giveBack(Peer peer, Host host, @Nullable SmtpSession session) {
        lock.lock();
        try {
            Waiter next = host.waiters.pollFirst();
            if (next != null) {
                next.lease = new Lease(peer, host, session);
                next.served.signal();
                return null;
            }
            if (session != null && idle < mostIdle && !closed) {
                host.idle.addFirst(new Idle(session, clock.instant()));
                idle++;
                return null;
            }
            release(peer, host);
            return session;
        } finally {
            lock.unlock();
        }
    }

    private void release(Peer peer, Host host) {
        host.open--;
        if (host.open == 0 && host.waiters.isEmpty()) {
            hosts.remove(peer);
        }
    }

    private List<SmtpSession> takeIdleSince(Instant latest) {
        List<SmtpSession> taken = new ArrayList<>();
        for (Map.Entry<Peer, Host> entry : List.copyOf(hosts.entrySet())) {
            Iterator<Idle> kept = entry.getValue().idle.descendingIterator();
            while (kept.hasNext()) {
                Idle oldest = kept.next();
                if (oldest.since.isAfter(latest)) {
                    break;
                }
                kept.remove();
                idle--;
                taken.add(oldest.session);
                release(entry.getKey(), entry.getValue());
            }
        }
        return taken;
    }
}
