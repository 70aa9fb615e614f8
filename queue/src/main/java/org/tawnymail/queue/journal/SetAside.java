package org.tawnymail.queue.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.tawnymail.queue.disk.Disk;

/**
 * The directory {@code queue/damaged}: what cannot be used, and what is left of it, is kept there for the operator. Nothing
 * of ours ever removes it.
 */
public final class SetAside {

    /** More of one name are not kept side by side. */
    private static final int MOST_OF_A_NAME = 1000;

    private final Disk disk;
    private final Path directory;

    public SetAside(Disk disk, Path queue) {
        this.disk = disk;
        this.directory = in(queue);
    }

    /** Where it is. */
    public static Path in(Path queue) {
        return queue.resolve("damaged");
    }

    public Path directory() {
        return directory;
    }

    /** A file in it, which may or may not be there. */
    public Path path(String name) {
        return directory.resolve(name);
    }

    /** Makes the directory if there is none. */
    public void make() throws IOException {
        disk.makeDirectory(directory);
    }

    /**
     * Moves a file or a whole directory here, durably. What is here already under the same name stays, and the new one gets a
     * number behind its name.
     *
     * @return where it is now
     */
    public Path keep(Path what, String name) throws IOException {
        make();
        Path kept = path(name);
        for (int i = 1; disk.facts(kept).isPresent(); i++) {
            if (i > MOST_OF_A_NAME) {
                throw new IOException("there are " + i + " of " + path(name) + " already");
            }
            kept = path(name + "." + i);
        }
        disk.rename(what, kept);
        disk.forceDirectory(directory);
        disk.forceDirectory(Objects.requireNonNull(what.getParent(), "a file of the queue is in a directory"));
        return kept;
    }

    /** Makes the names in it durable. */
    public void force() throws IOException {
        disk.forceDirectory(directory);
    }
}
