package org.tawnymail.bench.inbound;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

/**
 * The messages in the {@code new/} of a Maildir. Counting lists names and touches no file; when the last one came is read
 * off the files afterwards, from the time of the rename or link that made it appear.
 */
final class Arrivals {

    private static final Duration BETWEEN_COUNTS = Duration.ofMillis(250);

    private final Path folder;

    Arrivals(Path maildir) {
        this.folder = maildir.resolve("new");
    }

    /**
     * Waits until so many messages are there.
     *
     * @param longestStill how long it waits without seeing any new one
     * @return how many there are: fewer if nothing moved any more
     */
    int await(int wanted, Duration longestStill) throws InterruptedException {
        int last = count();
        long lastMove = System.nanoTime();
        while (last < wanted && System.nanoTime() - lastMove < longestStill.toNanos()) {
            Thread.sleep(BETWEEN_COUNTS);
            int now = count();
            if (now != last) {
                last = now;
                lastMove = System.nanoTime();
            }
        }
        return last;
    }

    /** How many there are. */
    int count() {
        String[] names = new File(folder.toString()).list();
        return names == null ? 0 : names.length;
    }

    /** When the last one appeared; the epoch if there is none. */
    Instant last() throws IOException {
        FileTime last = FileTime.fromMillis(0);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                FileTime appeared = (FileTime) Files.getAttribute(file, "unix:ctime");
                last = appeared.compareTo(last) > 0 ? appeared : last;
            }
        }
        return last.toInstant();
    }

    /** Removes them all, so that the next round begins with an empty folder. */
    void clear() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }
}
