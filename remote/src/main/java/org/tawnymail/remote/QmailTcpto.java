package org.tawnymail.remote;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.remote.host.DeadHosts;
import org.tawnymail.tcp.dns.IpLiteral;

/** {@code qmail-tcpto}: prints the table of hosts that did not answer (core spec, section 11.4). */
public final class QmailTcpto implements Program {

    private final InstantSource clock;

    public QmailTcpto(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public int run(Call call) throws IOException {
        Home home = Home.of(call.environment());
        StringBuilder text = new StringBuilder();
        int code = print(home, text);
        OutputStream out = call.stdout();
        out.write(Octets.of(text.toString()));
        out.flush();
        return code;
    }

    private int print(Home home, StringBuilder text) {
        if (!Files.isDirectory(home.path())) {
            text.append("fatal: unable to chdir: ").append(Errno.ENOENT.text()).append('\n');
            return ExitCode.TEMPORARY;
        }
        Path file = DeadHosts.file(home);
        try {
            for (DeadHosts.Entry entry : new DeadHosts(file, clock, RandomGenerator.getDefault()).entries()) {
                text.append(IpLiteral.text(entry.address()))
                        .append(" timed out ")
                        .append(entry.secondsAgo())
                        .append(" seconds ago; # recent timeouts: ")
                        .append(entry.timeouts())
                        .append('\n');
            }
            return ExitCode.SUCCESS;
        } catch (DeadHosts.OutOfReach trouble) {
            text.append("fatal: unable to ").append(trouble.step()).append(" tcpto: ");
            text.append(trouble.getMessage()).append('\n');
            return ExitCode.TEMPORARY;
        }
    }
}
