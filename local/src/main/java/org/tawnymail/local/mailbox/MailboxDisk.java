package org.tawnymail.local.mailbox;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The disk as mailboxes use it, and no more of it than they do, so that a simulated disk can take its place.
 *
 * <p>What was written survives the end of this process at once, and a loss of power only after one of the forces.
 */
public interface MailboxDisk {

    /** Creates a file of mode 0600; fails if there is one of that name. */
    MailboxFile create(Path file) throws IOException;

    /** Opens a file to append to it, never waiting for anybody; creates it with mode 0600 if there is none. */
    MailboxFile append(Path file) throws IOException;

    /** Reads bytes of a file that exists: as many as there are from a position on, and no more than a number. */
    byte[] read(Path file, long from, int count) throws IOException;

    /** Gives a file another name in the same file system, at one stroke. */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file if it is there. */
    void delete(Path file) throws IOException;

    /** The number of the file system that a directory lies in. */
    long device(Path directory) throws IOException;

    /** Opens a directory in order to force it, or all of its file system. */
    Directory open(Path directory) throws IOException;

    /** A file that mail is being written to. */
    interface MailboxFile extends Closeable {

        void write(byte[] bytes, int offset, int length) throws IOException;

        /** Makes what was written durable. */
        void force() throws IOException;

        long size() throws IOException;

        void truncate(long size) throws IOException;

        /**
         * Takes the exclusive lock that other mail programs respect (flock), if nobody has it; closing the file gives it
         * back.
         */
        boolean tryLock() throws IOException;

        /** Whether a name still leads to this file, and not to another that has taken its place. */
        boolean isAt(Path name) throws IOException;
    }

    /** An open directory. */
    interface Directory extends Closeable {

        /** Makes the names in it durable. */
        void force() throws IOException;

        /** Makes everything durable that was written to its file system, and fails if anything written since it was
         * opened was lost. */
        void forceFileSystem() throws IOException;
    }
}
