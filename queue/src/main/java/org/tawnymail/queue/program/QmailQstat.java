package org.tawnymail.queue.program;

import java.io.IOException;
import java.nio.file.Path;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.queue.disk.LocalDisk;
import org.tawnymail.queue.door.DropDirectory;
import org.tawnymail.queue.messages.QueueView;

/**
 * qmail-qstat (core spec, section 11.4): how many messages there are, and how many of them qmail-send has not looked at yet,
 * those in the drop directory included.
 */
public final class QmailQstat implements Program {

    private final Home home;

    public QmailQstat(Home home) {
        this.home = home;
    }

    @Override
    public int run(Call call) throws IOException {
        LocalDisk disk = new LocalDisk();
        Path queue = home.queue();
        int all;
        int unrouted;
        try (QueueView view = QueueView.look(disk, queue)) {
            all = DropDirectory.waiting(disk, queue);
            unrouted = all;
            for (long message : view.messages()) {
                all++;
                unrouted += view.isRouted(message) ? 0 : 1;
            }
        } catch (IOException e) {
            throw new Complaint(
                    ExitCode.TEMPORARY, "qmail-qstat: fatal: unable to read " + queue + ": " + Errno.text(e));
        }
        call.stdout()
                .write(Octets.of("messages in queue: " + all + "\nmessages in queue but not yet preprocessed: "
                        + unrouted + "\n"));
        call.stdout().flush();
        return ExitCode.SUCCESS;
    }
}
