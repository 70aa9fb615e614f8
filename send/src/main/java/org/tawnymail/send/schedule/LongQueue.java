package org.tawnymail.send.schedule;

import java.util.function.LongConsumer;

/** Message numbers, first in, first out, at eight bytes each. Gives its memory back when it has run empty. */
public final class LongQueue {

    private static final int SMALLEST = 16;

    private long[] ring = new long[SMALLEST];
    private int head;
    private int size;

    int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public void add(long number) {
        if (size == ring.length) {
            grow();
        }
        ring[(head + size++) & (ring.length - 1)] = number;
    }

    /** Takes out the first one; there must be one. */
    public long poll() {
        if (size == 0) {
            throw new IllegalStateException("nothing waits");
        }
        long first = ring[head];
        head = (head + 1) & (ring.length - 1);
        if (--size == 0 && ring.length > SMALLEST) {
            ring = new long[SMALLEST];
            head = 0;
        }
        return first;
    }

    void forEach(LongConsumer visitor) {
        for (int i = 0; i < size; i++) {
            visitor.accept(ring[(head + i) & (ring.length - 1)]);
        }
    }

    private void grow() {
        long[] wider = new long[ring.length * 2];
        for (int i = 0; i < size; i++) {
            wider[i] = ring[(head + i) & (ring.length - 1)];
        }
        ring = wider;
        head = 0;
    }
}
