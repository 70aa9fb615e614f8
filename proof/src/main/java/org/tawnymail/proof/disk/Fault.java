package org.tawnymail.proof.disk;

import java.nio.file.Path;

/**
 * Something else that goes wrong with a disk, besides the power.
 *
 * @param below the files and directories that it happens to: all those below this one
 * @param start the start of the mail system before which nothing fails; 1 is the first
 * @param from how many changes the disk sees after that start before it begins
 * @param lasting how many operations fail; of a disk that is full, for how many changes it is
 */
public record Fault(Kind kind, Path below, int start, int from, int lasting) {

    /** What fails. */
    public enum Kind {
        /** fsync of a file: what it was to write is forgotten, and the next one does not notice. */
        FORCE,
        /** fsync of a directory: the names stay as they are, not durable. */
        DIRECTORY_FORCE,
        /** syncfs: as for a file, for all files; those that are open fail at their next fsync. */
        FILE_SYSTEM_FORCE,
        /** A write of which nothing is written. */
        WRITE,
        /** A write that ends half way. */
        SHORT_WRITE,
        /** A read. */
        READ,
        /** Opening a file that is there. */
        OPEN,
        /** Making a file. */
        CREATE,
        /** Giving a file another name. */
        RENAME,
        /** Removing a file. */
        DELETE,
        /** Cutting a file off. */
        TRUNCATE,
        /** Listing a directory. */
        LIST,
        /** Nothing new fits: no new file, and no file grows. */
        FULL
    }
}
