package org.tawnymail.assembly.check;

import java.io.IOException;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.queue.adopt.QueueAdoption;
import org.tawnymail.queue.disk.LocalDisk;

/** Looks for mail that waits in the files of a former qmail's queue, where no server of ours looks. */
final class FormerQueueCheck {

    private final Home home;
    private final Findings findings;

    FormerQueueCheck(Home home, Findings findings) {
        this.home = home;
        this.findings = findings;
    }

    void run() {
        try {
            if (QueueAdoption.isMailThere(new LocalDisk(), home.queue())) {
                findings.warning(
                        home.queue(),
                        "has mail in qmail's own files, which only qmail delivers",
                        "tawny adopt " + Octets.fileName(home.path()) + " takes it over");
            }
        } catch (IOException unreadable) {
            findings.warning(
                    home.queue(),
                    "may have mail in qmail's own files, which cannot be looked at: " + Errno.text(unreadable),
                    "run this as root");
        }
    }
}
