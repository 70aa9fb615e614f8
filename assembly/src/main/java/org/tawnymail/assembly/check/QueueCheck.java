package org.tawnymail.assembly.check;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Errno;

/** Looks at what a disk or a person did to the queue: mail that was set aside, and what should not be in its journal. */
final class QueueCheck {

    /** The names that the journal gives its files: doc/queue-format.md. */
    private static final Pattern JOURNAL_NAMES = Pattern.compile("(spare\\.)?[0-9]{10}|prepare|numbers");

    /** More files are not looked at. */
    private static final int MOST_FILES = 100_000;

    private final Home home;
    private final Findings findings;

    QueueCheck(Home home, Findings findings) {
        this.home = home;
        this.findings = findings;
    }

    void run() {
        each(home.queue().resolve("damaged"), (directory, names) -> {
            int count = names.size();
            if (count > 0) {
                findings.error(
                        directory,
                        "holds " + (count == 1 ? "1 file" : count + " files")
                                + " of damaged mail, which nobody delivers",
                        "look at what bin/queue salvage writes out, send it on, and move them away");
            }
        });
        each(home.queue().resolve("journal"), (directory, names) -> {
            for (Path file : names) {
                if (!JOURNAL_NAMES.matcher(Octets.fileName(file.getFileName())).matches()) {
                    findings.warning(file, "is no file of the journal", "move it away");
                } else if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    findings.error(file, "is no file: mail cannot be read from it", "move it away");
                }
            }
        });
    }

    private interface Look {
        void at(Path directory, List<Path> files);
    }

    private void each(Path directory, Look look) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory)) {
            for (Path file : found) {
                if (files.size() < MOST_FILES) {
                    files.add(file);
                }
            }
            files.sort(null);
            look.at(directory, files);
        } catch (NoSuchFileException | NotDirectoryException absent) {
            // A server makes what it needs, and says what is in its way.
        } catch (IOException unreadable) {
            findings.warning(directory, "cannot be looked at: " + Errno.text(unreadable), "run this as its owner");
        }
    }
}
