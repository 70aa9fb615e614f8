package org.tawnymail.remote;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.remote.host.DeadHosts;

/** {@code qmail-tcpok}: empties the table of hosts that did not answer, so that all are tried again (core spec, section 11.4). */
public final class QmailTcpok implements Program {

    @Override
    public int run(Call call) throws IOException {
        Path file = DeadHosts.file(Home.of(call.environment()));
        try {
            new DeadHosts(file, InstantSource.system(), RandomGenerator.getDefault()).clear();
            return ExitCode.SUCCESS;
        } catch (IOException trouble) {
            throw new Complaint(
                    ExitCode.TEMPORARY, "qmail-tcpok: fatal: unable to empty " + file + ": " + Errno.text(trouble));
        }
    }
}
