package org.tawnymail.base.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A pipe inside this process, as {@code pipe(2)} makes them between processes: what is written to one end is read from the
 * other, a writer waits while {@value #CAPACITY} octets wait to be read, a reader waits until there is something. Closing
 * the output is the end of the input; closing the input breaks the pipe for the writer.
 *
 * <p>For one reader and one writer, on different threads.
 */
public final class Pipe {

    /** What a pipe of Linux holds. */
    public static final int CAPACITY = 64 << 10;

    private final byte[] ring = new byte[CAPACITY];
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final InputStream input = new Input();
    private final OutputStream output = new Output();
    private int first;
    private int count;
    private boolean ended;
    private boolean broken;

    /** The end to read from. Closing it makes every later write fail. */
    public InputStream input() {
        return input;
    }

    /** The end to write to. Closing it lets the reader read what is left, and then the end. */
    public OutputStream output() {
        return output;
    }

    private int take(byte[] to, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        lock.lock();
        try {
            while (count == 0 && !ended && !broken) {
                awaitChange();
            }
            if (broken) {
                throw new IOException("Stream closed");
            }
            if (count == 0) {
                return -1;
            }
            int taken = Math.min(length, count);
            int untilWrap = Math.min(taken, CAPACITY - first);
            System.arraycopy(ring, first, to, offset, untilWrap);
            System.arraycopy(ring, 0, to, offset + untilWrap, taken - untilWrap);
            first = (first + taken) % CAPACITY;
            count -= taken;
            changed.signalAll();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void put(byte[] from, int offset, int length) throws IOException {
        int next = offset;
        int end = offset + length;
        lock.lock();
        try {
            while (true) {
                if (broken) {
                    throw new IOException("Broken pipe");
                }
                if (ended) {
                    throw new IOException("Stream closed");
                }
                if (next == end) {
                    return;
                }
                if (count == CAPACITY) {
                    awaitChange();
                    continue;
                }
                int at = (first + count) % CAPACITY;
                int piece = Math.min(end - next, Math.min(CAPACITY - count, CAPACITY - at));
                System.arraycopy(from, next, ring, at, piece);
                count += piece;
                next += piece;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // the callers' loops are the loops
    private void awaitChange() throws InterruptedIOException {
        try {
            changed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private void close(boolean byReader) {
        lock.lock();
        try {
            if (byReader) {
                broken = true;
            } else {
                ended = true;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private final class Input extends InputStream {

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return take(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            return take(to, offset, length);
        }

        @Override
        public int available() {
            lock.lock();
            try {
                return count;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            Pipe.this.close(true);
        }
    }

    private final class Output extends OutputStream {

        @Override
        public void write(int octet) throws IOException {
            put(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            put(from, offset, length);
        }

        @Override
        public void close() {
            Pipe.this.close(false);
        }
    }
}
