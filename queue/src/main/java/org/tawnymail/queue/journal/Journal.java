package org.tawnymail.queue.journal;

import java.io.IOException;
import java.util.List;

/**
 * An ordered log of records, in numbered segments that are dropped when nothing in them is needed.
 *
 * <p>Order of calls: {@link #replay} once, {@link #open} once, then {@link #append}, {@link #write} and {@link #force} by
 * one thread; the others by any thread.
 */
public interface Journal extends AutoCloseable {

    /** Is shown records. */
    @FunctionalInterface
    interface Reader {

        /** The record is a view: good only during the call. */
        void record(JournalRecord record);
    }

    /** Shows every record that counts, oldest first. Damage is logged and passed over. */
    void replay(Reader reader) throws IOException;

    /** Makes it ready for appends. */
    void open() throws IOException;

    /**
     * Adds a record to the group that {@link #write} will write.
     *
     * @param refusable whether it may be refused to keep room for those that are not
     * @return its place
     * @throws NoRoom if it was refused; the journal is as before
     * @throws IOException if an earlier part of the group had to be written to make place for it, and was not
     */
    long append(byte[] record, int length, boolean refusable) throws IOException;

    /** Writes what was appended. After an exception none of it is surely there. */
    void write() throws IOException;

    /** Makes all that was written durable. */
    void force() throws JournalBroken;

    /**
     * Reads a record; its head is checked.
     *
     * @param length how much of it, at least the head
     * @throws Gone if its segment was dropped meanwhile: what is needed of it has been appended elsewhere
     * @throws Damaged if it cannot be read any more or its head is not what was written
     */
    byte[] read(long place, int length) throws IOException;

    /** The bytes that lie at a place, whatever they are: what cannot be read counts as zeros. */
    byte[] readAsIs(long place, int length) throws IOException;

    /** What was asked for is not there any more. */
    final class Gone extends IOException {
        public Gone(String message) {
            super(message);
        }
    }

    /** What was asked for is there and is not what was written. Its segment is kept for the operator. */
    final class Damaged extends IOException {
        public Damaged(String message) {
            super(message);
        }
    }

    /**
     * What lies at a place was found to be damaged by somebody who knows more of it than the journal: its segment is emptied
     * soon, and then kept for the operator.
     *
     * @return words for the place
     */
    String keep(long place);

    /** All who are concerned by the last group have been told of it; what it closed may be cleaned from now on. */
    void groupEnded();

    /** The segments that are written no more since the last {@link #groupEnded}, oldest first. */
    List<Integer> segments();

    boolean exists(int segment);

    /** How many bytes of records a segment holds. */
    long used(int segment);

    /** Whether a segment ends in a torn or damaged part, and is to be emptied as soon as possible. */
    boolean isSuspect(int segment);

    /** Shows the records of one segment that is written no more. */
    void scan(int segment, Reader reader) throws IOException;

    /** A segment is about to be dropped: {@link #listing} does not name it any more. */
    void leave(int segment);

    /**
     * A record that names all segments that are there. Durable before one is dropped, it lets a start tell a segment that was
     * dropped from one that was lost.
     */
    byte[] listing();

    /** Gives a segment up: when this returns, it is gone from the disk for good. */
    void drop(int segment) throws IOException;

    /** Whether awaited records are refused at present because the disk is full. */
    boolean isFull();

    /** Writes and forces what is left and closes. */
    @Override
    void close() throws IOException;
}
