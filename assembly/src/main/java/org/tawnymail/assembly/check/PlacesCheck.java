package org.tawnymail.assembly.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.FileStatus;

/** Looks at the folders of a home: who may write there, and whose they are. */
final class PlacesCheck {

    private static final int WRITABLE_BY_ALL = 0002;
    private static final int LISTABLE_BY_ALL = 0006;
    private static final int PASSABLE_BY_ALL = 0001;
    private static final int FOR_ALL = 0007;

    /** What the server alone writes; {@code drop} holds files of those who submit. */
    private static final List<String> QUEUE_PARTS = List.of("journal", "large", "intake", "lock", "damaged");

    private final Home home;
    private final Findings findings;

    PlacesCheck(Home home, Findings findings) {
        this.home = home;
        this.findings = findings;
    }

    void run() {
        for (String name : List.of("", "control", "alias", "users")) {
            notWritable(home.path().resolve(name));
        }
        queue();
        alias();
    }

    private void notWritable(Path folder) {
        try {
            if (FileStatus.of(folder).hasAny(WRITABLE_BY_ALL)) {
                findings.error(folder, "may be written by everybody", "chmod o-w it");
            }
        } catch (NoSuchFileException absent) {
            // Those that are needed are named by who needs them.
        } catch (IOException unreadable) {
            findings.warning(folder, "cannot be looked at: " + Errno.text(unreadable), "run this as root");
        }
    }

    private void queue() {
        Path queue = home.queue();
        try {
            FileStatus status = FileStatus.of(queue);
            if (status.hasAny(LISTABLE_BY_ALL)) {
                findings.error(queue, "is open to everybody: they could read or change mail", "chmod o-rw it");
            }
            for (String name : QUEUE_PARTS) {
                Path part = queue.resolve(name);
                if (Files.exists(part)) {
                    queuePart(part, FileStatus.of(part), status);
                }
            }
        } catch (NoSuchFileException absent) {
            // A server makes it at its first start.
        } catch (IOException unreadable) {
            findings.warning(queue, "cannot be looked at: " + Errno.text(unreadable), "run this as its owner");
        }
    }

    /** An installed queue lets everybody pass to its socket, so that each part has to be closed by itself. */
    private void queuePart(Path part, FileStatus status, FileStatus queue) {
        if (status.uid() != queue.uid()) {
            findings.error(
                    part,
                    "belongs to uid " + status.uid() + " and the queue to uid " + queue.uid(),
                    "give it to the owner of the queue");
        }
        if (queue.hasAny(PASSABLE_BY_ALL) && status.hasAny(FOR_ALL)) {
            findings.error(part, "is open to everybody: they could read or change mail", "chmod o-rwx it");
        }
    }

    private void alias() {
        Path alias = home.path().resolve("alias");
        if (Files.exists(alias.resolve(".qmail-default"))) {
            return;
        }
        for (String name : List.of("postmaster", "mailer-daemon", "root")) {
            Path file = alias.resolve(".qmail-" + name);
            if (Files.isReadable(home.path()) && !Files.exists(file)) {
                findings.error(
                        file,
                        "is missing: mail to " + name + " bounces",
                        "put the address into it that gets that mail");
            }
        }
    }
}
