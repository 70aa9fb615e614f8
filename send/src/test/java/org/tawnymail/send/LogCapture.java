package org.tawnymail.send;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.tawnymail.base.Octets;

/** A log that a test can wait for. */
public final class LogCapture extends OutputStream {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

    @Override
    public synchronized void write(int octet) {
        octets.write(octet);
        notifyAll();
    }

    @Override
    public synchronized void write(byte[] from, int start, int count) {
        octets.write(from, start, count);
        notifyAll();
    }

    public synchronized String text() {
        return Octets.text(octets.toByteArray());
    }

    /** Waits until a line that begins so has been written so often. */
    public synchronized void await(String line, int times) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (text().lines().filter(written -> written.startsWith(line)).count() < times) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("no " + line + " in\n" + text());
            }
            wait(left);
        }
    }

    public void await(String line) throws InterruptedException {
        await(line, 1);
    }
}
