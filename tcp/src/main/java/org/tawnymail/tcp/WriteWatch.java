package org.tawnymail.tcp;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Breaks writes that take longer than they may. The JDK limits reads but not writes, and a peer that stops reading would
 * hold a connection for ever.
 *
 * <p>One thread looks at all connections a few times a second: a write costs two stores into a field, and no timer. A
 * limit is therefore kept to within the interval. Safe for use by many threads.
 */
public final class WriteWatch implements AutoCloseable {

    /** How exact limits are: they are seconds or minutes. */
    private static final Duration INTERVAL = Duration.ofMillis(250);

    /** One who writes. */
    interface Writer {
        /** Breaks the write under way if it should have ended by now ({@link System#nanoTime}). */
        void breakIfLate(long now);
    }

    private final Set<Writer> writers = ConcurrentHashMap.newKeySet();
    private final Thread thread;

    public WriteWatch() {
        this(INTERVAL);
    }

    WriteWatch(Duration interval) {
        this.thread = Thread.ofVirtual().name("write-watch").unstarted(() -> watch(interval));
        thread.start();
    }

    void add(Writer writer) {
        writers.add(writer);
    }

    void remove(Writer writer) {
        writers.remove(writer);
    }

    /** Ends the watching: writes that are under way have no limit any more. */
    @Override
    public void close() {
        thread.interrupt();
    }

    private void watch(Duration interval) {
        try {
            while (true) {
                Thread.sleep(interval);
                long now = System.nanoTime();
                writers.forEach(writer -> writer.breakIfLate(now));
            }
        } catch (InterruptedException closed) {
            // That is how it ends.
        }
    }
}
