package org.tawnymail.send;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;

/**
 * Stands between qmail-send and a log that may be slow: what is written here is written on by a thread of its own, in
 * order.
 *
 * <p>A logger that stops reading its pipe stops a qmail. Here {@value #MOST_WAITING} bytes may wait for it; then the
 * writer waits, but for no more than {@link #PATIENCE}; then writing fails at once until the logger moves again. What
 * waits for less than {@value #GATHER_MILLIS} milliseconds may be written together with what comes after it, so that a
 * busy log costs no more than a few hundred writes a second.
 */
final class PatientLog extends OutputStream {

    static final int MOST_WAITING = 1 << 20;
    static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long GATHER_MILLIS = 5;
    private static final int USUAL = 16 << 10;

    private final OutputStream target;
    private final Duration patience;
    private final Thread writer;

    private byte[] waiting = new byte[USUAL];
    private int length;
    private long lostByTarget;
    private boolean writerIsIdle;
    private boolean stalled;
    private boolean closed;

    PatientLog(OutputStream target, Duration patience) {
        this.target = target;
        this.patience = patience;
        this.writer = Thread.ofPlatform().name("qmail-send log").daemon().start(this::writeOn);
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] octets, int from, int count) throws IOException {
        if (closed) {
            throw new IOException("log closed");
        }
        if (length + count > MOST_WAITING && !stalled) {
            awaitRoom(count);
        }
        if (length + count > MOST_WAITING) {
            throw new IOException("log stalled");
        }
        if (length + count > waiting.length) {
            waiting = Arrays.copyOf(waiting, Math.max(2 * waiting.length, length + count));
        }
        System.arraycopy(octets, from, waiting, length, count);
        length += count;
        if (writerIsIdle) {
            writerIsIdle = false;
            notifyAll();
        }
    }

    /** Waits until everything is written, or for the patience; the target stays open. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            writer.join(patience);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitRoom(int count) {
        long giveUp = System.nanoTime() + patience.toNanos();
        try {
            while (length + count > MOST_WAITING && !closed) {
                long left = (giveUp - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    stalled = true;
                    return;
                }
                wait(left);
            }
        } catch (InterruptedException hurry) {
            stalled = true;
            Thread.currentThread().interrupt();
        }
    }

    private void writeOn() {
        byte[] writing = new byte[USUAL];
        while (true) {
            int count;
            long lost;
            synchronized (this) {
                awaitWork();
                if (length == 0) {
                    return;
                }
                byte[] taken = waiting;
                count = length;
                waiting = writing.length > 4 * USUAL ? new byte[USUAL] : writing;
                writing = taken;
                length = 0;
                lost = lostByTarget;
                notifyAll();
            }
            boolean written = writeTo(writing, count, lost);
            synchronized (this) {
                lostByTarget = written ? 0 : lost + DeliveryLog.linesIn(writing, count);
                stalled = false;
            }
            gather();
        }
    }

    /** Returns with nothing to write only if the log is closed. */
    private synchronized void awaitWork() {
        try {
            while (length == 0 && !closed) {
                writerIsIdle = true;
                wait();
            }
        } catch (InterruptedException nobodyDoes) {
            closed = true;
        }
        writerIsIdle = false;
    }

    private synchronized void gather() {
        long end = System.nanoTime() + GATHER_MILLIS * 1_000_000;
        try {
            for (long left = GATHER_MILLIS; left > 0 && !closed; left = (end - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException nobodyDoes) {
            closed = true;
        }
    }

    private boolean writeTo(byte[] octets, int count, long lost) {
        try {
            if (lost > 0) {
                target.write(DeliveryLog.linesLost(lost));
            }
            target.write(octets, 0, count);
            target.flush();
            return true;
        } catch (IOException unwritable) {
            // Counted: the first line when writing works again tells how many lines are lost.
            return false;
        }
    }
}
