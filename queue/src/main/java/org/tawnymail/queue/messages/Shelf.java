package org.tawnymail.queue.messages;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.disk.DiskFile;
import org.tawnymail.queue.disk.FileOutput;

/** A directory into which messages are written out, as files that only their owner may read. */
public final class Shelf implements AutoCloseable {

    private static final int BUFFER = 8 << 10;

    private final Disk disk;
    private final Path directory;
    private final Keep keep;

    private enum Keep {
        DURABLY,
        WRITTEN,
        NOTHING
    }

    private Shelf(Disk disk, Path directory, Keep keep) {
        this.disk = disk;
        this.directory = directory;
        this.keep = keep;
    }

    /** What is written there survives a loss of power once the shelf is closed. */
    static Shelf durable(Disk disk, Path directory) {
        return new Shelf(disk, directory, Keep.DURABLY);
    }

    /** Whoever made the directory sees to it that what is in it is durable. */
    public static Shelf of(Disk disk, Path directory) {
        return new Shelf(disk, directory, Keep.WRITTEN);
    }

    /** One on which nothing is kept: to find out what could be written. */
    public static Shelf nowhere(Disk disk, Path directory) {
        return new Shelf(disk, directory, Keep.NOTHING);
    }

    /** Makes a file. */
    public OutputStream create(String name) throws IOException {
        if (keep == Keep.NOTHING) {
            return OutputStream.nullOutputStream();
        }
        DiskFile file = disk.create(directory.resolve(name));
        return new BufferedOutputStream(new FileOutput(file, keep == Keep.DURABLY), BUFFER);
    }

    /** What a file holds has proved to be whole: it gets the name that says so. */
    public void rename(String from, String to) throws IOException {
        if (keep != Keep.NOTHING) {
            disk.rename(directory.resolve(from), directory.resolve(to));
        }
    }

    @Override
    public void close() throws IOException {
        if (keep == Keep.DURABLY) {
            disk.forceDirectory(directory);
        }
    }
}
