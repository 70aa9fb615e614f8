package org.tawnymail.pickup.pop3;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import org.tawnymail.base.program.Timed;

/** An input of which some bytes were read already: these come first, then the rest. */
final class InputReadAhead extends InputStream implements Timed {

    private final byte[] ahead;
    private final InputStream in;
    private int next;

    InputReadAhead(byte[] buffer, int start, int end, InputStream in) {
        this.ahead = Arrays.copyOfRange(buffer, start, end);
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        return next < ahead.length ? ahead[next++] & 0xff : in.read();
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        int count = Math.min(length, ahead.length - next);
        if (count <= 0) {
            return in.read(to, offset, length);
        }
        System.arraycopy(ahead, next, to, offset, count);
        next += count;
        return count;
    }

    @Override
    public int available() throws IOException {
        return next < ahead.length ? ahead.length - next : in.available();
    }

    @Override
    public void timeout(Duration limit) {
        if (in instanceof Timed timed) {
            timed.timeout(limit);
        }
    }
}
