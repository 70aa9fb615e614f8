package org.tawnymail.base.posix;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Forces a whole file system to its disk: one call that makes every file and directory entry on it durable, whoever
 * wrote them. Many deliveries share one.
 *
 * <p>Safe for many threads. It blocks for the time the disk takes; the carrier of a virtual thread is held meanwhile, so
 * that call it on a platform thread.
 */
public final class FileSystemSync implements Closeable {

    private final Path directory;
    private final Descriptor descriptor;

    private FileSystemSync(Path directory, Descriptor descriptor) {
        this.directory = directory;
        this.descriptor = descriptor;
    }

    /** For the file system that a directory lies on; keeps the directory open. */
    public static FileSystemSync of(Path directory) throws SystemError {
        int flags = Descriptor.O_RDONLY | Descriptor.O_DIRECTORY;
        return new FileSystemSync(directory, Descriptor.open(directory, flags, 0));
    }

    /**
     * Returns when everything that was written to the file system before the call is on the disk.
     *
     * @throws SystemError if anything could not be written (Linux 5.8 and later tell each open file once): what was
     *     written since the last success must be taken for lost
     */
    public void sync() throws IOException {
        CFunction.check(Functions.SYNCFS.call(descriptor.number()), "unable to sync the file system of " + directory);
    }

    /** Returns when the entries of the directory itself are on the disk: the names made, renamed and removed in it. */
    public void syncEntries() throws IOException {
        descriptor.force();
    }

    @Override
    public void close() throws IOException {
        descriptor.close();
    }

    /** Forces the entries of one directory to the disk: the names made, renamed and removed in it. */
    public static void syncDirectory(Path directory) throws IOException {
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    /**
     * Makes the name of a new directory durable: forces the directory above it, or the whole file system if that one may not
     * be read.
     */
    public static void syncNameOf(Path directory) throws IOException {
        Path parent = directory.toAbsolutePath().getParent();
        if (parent == null) {
            return;
        }
        try {
            syncDirectory(parent);
        } catch (AccessDeniedException mayNotBeRead) {
            syncAllOf(directory);
        }
    }

    /** Forces the whole file system that a directory lies on, once. */
    public static void syncAllOf(Path directory) throws IOException {
        try (FileSystemSync all = of(directory)) {
            all.sync();
        }
    }

    private static final class Functions {
        static final CFunction SYNCFS = CFunction.named("syncfs");
    }
}
