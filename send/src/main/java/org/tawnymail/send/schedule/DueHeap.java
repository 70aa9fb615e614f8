package org.tawnymail.send.schedule;

import java.util.Arrays;

/**
 * The messages that wait for a time, the earliest first; of two with one time the older message first.
 *
 * <p>A binary heap in two arrays of numbers: 16 bytes a message and at most half as much again in reserve, so that a
 * million waiting messages cost some 20 MB and no objects. {@code add} and {@code poll} cost the logarithm of the size.
 */
final class DueHeap {

    private static final int SMALLEST = 64;

    private long[] due = new long[SMALLEST];
    private long[] message = new long[SMALLEST];
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** When the first one is due; never, if there is none. */
    long nextDue() {
        return size == 0 ? Long.MAX_VALUE : due[0];
    }

    boolean isDue(long now) {
        return size > 0 && due[0] <= now;
    }

    void add(long when, long number) {
        if (size == due.length) {
            resize(size + (size >> 1));
        }
        int hole = size++;
        while (hole > 0) {
            int parent = (hole - 1) >> 1;
            if (!isBefore(when, number, parent)) {
                break;
            }
            move(parent, hole);
            hole = parent;
        }
        due[hole] = when;
        message[hole] = number;
    }

    /** Takes out the first one; there must be one. */
    long poll() {
        if (size == 0) {
            throw new IllegalStateException("nothing waits");
        }
        long first = message[0];
        size--;
        long when = due[size];
        long number = message[size];
        int hole = 0;
        while (true) {
            int child = 2 * hole + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && isBefore(due[child + 1], message[child + 1], child)) {
                child++;
            }
            if (isBefore(when, number, child)) {
                break;
            }
            move(child, hole);
            hole = child;
        }
        due[hole] = when;
        message[hole] = number;
        if (size > SMALLEST && size < due.length / 4) {
            resize(due.length / 2);
        }
        return first;
    }

    /** Makes everything due now, the oldest message first. */
    void makeAllDue(long now) {
        Arrays.sort(message, 0, size);
        Arrays.fill(due, 0, size, now);
    }

    void forEach(Schedule.Waiting visitor) {
        for (int i = 0; i < size; i++) {
            visitor.waits(due[i], message[i]);
        }
    }

    private boolean isBefore(long when, long number, int place) {
        return when != due[place] ? when < due[place] : number < message[place];
    }

    private void move(int from, int to) {
        due[to] = due[from];
        message[to] = message[from];
    }

    private void resize(int length) {
        due = Arrays.copyOf(due, length);
        message = Arrays.copyOf(message, length);
    }
}
