package org.tawnymail.queue.journal;

import java.io.IOException;

/**
 * A record on its way into the journal, and who is to be told. The methods are called by the writing thread, in the order
 * of the journal: they must not block, nor take a lock that anybody holds while appending.
 */
public abstract class Append {

    /** How much a record matters. */
    public enum Weight {
        /** Nobody waits for it, and after a crash it may be missing. */
        MARK,
        /** Not reported as settled before it is durable. */
        DURABLE,
        /** Durable too; refused early when the disk is nearly full, to leave room for the others. */
        REFUSABLE
    }

    private byte[] record;
    private int length;
    private final Weight weight;
    private boolean over;

    /** @param record the record, complete but for its length and checksum; the journal fills those in */
    protected Append(byte[] record, int length, Weight weight) {
        this.record = record;
        this.length = length;
        this.weight = weight;
    }

    /**
     * The last moment to change the record, or one's mind: all records before it in the journal have their places.
     *
     * @return false if it must not be appended because one that belongs before it is missing; then it has failed
     */
    protected boolean prepare() {
        return true;
    }

    /** Another record instead, from {@link #prepare} only. */
    protected final void become(byte[] changed) {
        record = changed;
        length = changed.length;
    }

    final byte[] record() {
        return record;
    }

    /** Bytes of the record. */
    public final int length() {
        return length;
    }

    final boolean isAwaited() {
        return weight != Weight.MARK;
    }

    final boolean isRefusable() {
        return weight == Weight.REFUSABLE;
    }

    final void end() {
        if (!over) {
            over = true;
            settled();
        }
    }

    final void end(IOException why) {
        if (!over) {
            over = true;
            failed(why);
        }
    }

    /** Its place is known; it is not written yet. */
    protected void placed(long place) {}

    /** It is written, and durable unless it is a mark. */
    protected void settled() {}

    /** It is not in the journal, or not surely; nothing else will be heard of it. */
    protected abstract void failed(IOException why);
}
