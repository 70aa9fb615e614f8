package org.tawnymail.bench.flow;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * The messages in the {@code new/} of a Maildir. Counting lists names and touches no file; when the last one came is read
 * off the files afterwards, from the time of the rename or link that made it appear.
 */
final class MaildirDestination implements Destination {

    private final Path folder;

    MaildirDestination(Path maildir) {
        this.folder = maildir.resolve("new");
    }

    @Override
    public int count() {
        String[] names = new File(folder.toString()).list();
        return names == null ? 0 : names.length;
    }

    @Override
    public Instant last() throws IOException {
        FileTime last = FileTime.fromMillis(0);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                FileTime appeared = (FileTime) Files.getAttribute(file, "unix:ctime");
                last = appeared.compareTo(last) > 0 ? appeared : last;
            }
        }
        return last.toInstant();
    }

    @Override
    public void clear() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }
}
