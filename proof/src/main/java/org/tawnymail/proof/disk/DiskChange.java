package org.tawnymail.proof.disk;

import java.nio.file.Path;

/**
 * One thing that a program asks of a disk and that changes something, or promises that something stays. Files are known by
 * a number, as by an inode: names come and go.
 */
public sealed interface DiskChange {

    /** A new empty file gets a name, in place of the file that had it. */
    record Create(Path path, int file) implements DiskChange {}

    record MakeDirectory(Path path) implements DiskChange {}

    /** @param bytes nobody changes them, and nobody compares changes */
    @SuppressWarnings("ArrayRecordComponent")
    record Write(int file, int position, byte[] bytes) implements DiskChange {}

    record Truncate(int file, int size) implements DiskChange {}

    record Rename(Path from, Path to) implements DiskChange {}

    record Delete(Path path) implements DiskChange {}

    /** fsync of a file: its bytes and its length; not its name. */
    record Force(int file) implements DiskChange {}

    /** An fsync that failed: what was to be written is forgotten, and a later fsync will not notice. */
    record ForceFailed(int file) implements DiskChange {}

    /** fsync of a directory: the names in it. */
    record ForceDirectory(Path directory) implements DiskChange {}

    /** syncfs. */
    record ForceFileSystem() implements DiskChange {}

    /** A syncfs that failed: the bytes that were to be written are forgotten, those of every file. */
    record ForceFileSystemFailed() implements DiskChange {}
}
