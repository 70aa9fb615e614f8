package org.tawnymail.queue.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.program.SeekableInput;

/** The file operations that the queue needs. Safe for use by many threads. */
public interface Disk {

    /**
     * Sees to it that there is a directory: makes one that only its owner may enter, and those above it, if there is none.
     * When this returns, its name is durable.
     */
    void makeDirectory(Path directory) throws IOException;

    /**
     * What a name stands for, or nothing if there is no such name. A symbolic link is neither file nor directory.
     */
    Optional<FileFacts> facts(Path name) throws IOException;

    /** The names in a directory, in no order. */
    List<String> list(Path directory) throws IOException;

    /** Opens an existing file for reading. */
    DiskFile read(Path file) throws IOException;

    /**
     * Opens an existing file to be read from its beginning, and perhaps handed to a child process: on a disk of this machine
     * it is an {@link org.tawnymail.base.program.OpenFile}.
     */
    SeekableInput input(Path file) throws IOException;

    /** Opens an existing file for reading and writing. */
    DiskFile write(Path file) throws IOException;

    /**
     * Makes an empty file that only its owner may open, in place of the one that may be there, and opens it for reading and
     * writing.
     */
    DiskFile create(Path file) throws IOException;

    /**
     * Makes an empty file that everybody may read and its owner may change, and opens it.
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is something of that name
     */
    DiskFile createNew(Path file) throws IOException;

    /** Gives a file or directory another name in the same file system, in place of the file that may have it. */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file; nothing happens if it is not there. */
    void delete(Path file) throws IOException;

    /** How many bytes can still be written to the file system of a directory, as far as is known. */
    long room(Path directory) throws IOException;

    /**
     * Makes the names in a directory durable.
     *
     * @throws java.nio.file.AccessDeniedException if the directory may not be read: then only {@link #forceFileSystem} can
     */
    void forceDirectory(Path directory) throws IOException;

    /** Makes everything durable that was done to the file system in which a directory lies. */
    void forceFileSystem(Path directory) throws IOException;

    /**
     * Takes the lock that a file stands for; the system releases it when the process ends, however it ends.
     *
     * @return nothing if another has it
     */
    Optional<Lock> lock(Path file) throws IOException;

    /** A lock that is held. */
    interface Lock extends AutoCloseable {
        @Override
        void close();
    }
}
