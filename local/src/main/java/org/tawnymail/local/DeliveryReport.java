package org.tawnymail.local;

import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.tawnymail.base.Octets;

/**
 * What a delivery and its programs print, as far as it is reported (core spec, section 5.2): up to the first NUL, and at
 * most {@value #LONGEST} bytes; of more than that the beginning and a line that says so. Everything is taken, so that no
 * program ever waits for somebody to read.
 *
 * <p>Safe for use by many threads: a child process's output is carried here by a thread of its own.
 */
final class DeliveryReport extends OutputStream {

    private static final int LONGEST = 3000;
    private static final int KEPT_OF_LONGER = 2966;
    private static final String TOO_LONG = "\nError report too long, sorry.\n";

    private final ReentrantLock lock = new ReentrantLock();
    private byte[] bytes = new byte[64];
    private int length;
    private boolean tooLong;

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int count) {
        lock.lock();
        try {
            int taken = Math.min(count, LONGEST - length);
            if (taken < count) {
                tooLong = true;
            }
            if (length + taken > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(LONGEST, Math.max(2 * bytes.length, length + taken)));
            }
            System.arraycopy(from, offset, bytes, length, taken);
            length += taken;
        } finally {
            lock.unlock();
        }
    }

    /** The report so far. */
    String text() {
        lock.lock();
        try {
            String all = tooLong ? Octets.text(bytes, 0, KEPT_OF_LONGER) + TOO_LONG : Octets.text(bytes, 0, length);
            int nul = all.indexOf('\0');
            return nul < 0 ? all : all.substring(0, nul);
        } finally {
            lock.unlock();
        }
    }
}
