package org.tawnymail.remote.smtp;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Gives writes their limit, which a socket of the JDK does not have: looks at every open connection now and then and closes
 * those whose write is overdue. A write pays two stores to a field for it.
 *
 * <p>It has a thread only as long as there are connections.
 */
final class OverdueWatch {

    /** How late a limit may strike. */
    private static final Duration ROUND = Duration.ofMillis(250);

    private final Set<Wire> open = ConcurrentHashMap.newKeySet();
    private final Runnable everyRound;
    private boolean watching;

    /**
     * @param everyRound what else is to be looked after while there are connections
     */
    OverdueWatch(Runnable everyRound) {
        this.everyRound = everyRound;
    }

    void add(Wire wire) {
        synchronized (this) {
            open.add(wire);
            if (watching) {
                return;
            }
            watching = true;
        }
        Thread.ofVirtual().name("remote-watch").start(this::watch);
    }

    void remove(Wire wire) {
        open.remove(wire);
    }

    private void watch() {
        while (isNeeded()) {
            LockSupport.parkNanos(ROUND.toNanos());
            long now = System.nanoTime();
            open.forEach(wire -> wire.closeIfOverdue(now));
            everyRound.run();
        }
    }

    private synchronized boolean isNeeded() {
        watching = !open.isEmpty();
        return watching;
    }
}
