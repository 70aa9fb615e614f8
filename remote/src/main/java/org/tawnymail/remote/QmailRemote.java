package org.tawnymail.remote;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.remote.host.DeadHosts;
import org.tawnymail.remote.host.MailExchangers;
import org.tawnymail.remote.host.Routes;
import org.tawnymail.remote.smtp.Connections;
import org.tawnymail.remote.smtp.Letter;
import org.tawnymail.remote.smtp.Report;
import org.tawnymail.tcp.OwnAddresses;
import org.tawnymail.tcp.dns.Resolver;

/**
 * {@code qmail-remote HOST SENDER RECIPIENT...}: sends the message on descriptor 0 to a host (core spec, section 7.2). What
 * became of it stands on descriptor 1, in the records of {@link Report}; the exit code is always 0.
 */
public final class QmailRemote implements Program {

    private static final int FEWEST_ARGUMENTS = 3;

    private final Function<Environment, Resolver> resolver;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * @param resolver the resolver for a program with this environment
     * @param random safe for use by many threads
     */
    public QmailRemote(Function<Environment, Resolver> resolver, InstantSource clock, RandomGenerator random) {
        this.resolver = resolver;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public int run(Call call) throws IOException {
        Report report = report(call);
        OutputStream out = call.stdout();
        out.write(report.octets());
        out.flush();
        return ExitCode.SUCCESS;
    }

    private Report report(Call call) throws IOException {
        List<String> arguments = call.arguments();
        if (arguments.size() < FEWEST_ARGUMENTS) {
            return Reports.invokedImproperly();
        }
        Home home = Home.of(call.environment());
        if (!Files.isDirectory(home.path())) {
            return Reports.noHome();
        }
        RemoteSettings settings;
        try {
            settings = RemoteSettings.read(home.controls());
        } catch (IOException unreadable) {
            return Reports.unreadableControls();
        }
        Letter letter;
        try {
            letter = Letter.of(call.stdin());
        } catch (IOException unreadable) {
            return Reports.unreadableMessage();
        }
        Transfer transfer = new Transfer(
                new MailExchangers(resolver.apply(call.environment()), OwnAddresses.ofInterfaces(clock), random),
                new DeadHosts(DeadHosts.file(home), clock, random),
                Connections.single(),
                Routes.SMTP_PORT,
                Transfer.LONGEST_WAIT_FOR_TURN);
        return transfer.carry(
                settings, letter, arguments.get(0), arguments.get(1), arguments.subList(2, arguments.size()));
    }
}
