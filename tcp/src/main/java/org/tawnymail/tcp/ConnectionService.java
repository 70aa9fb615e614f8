package org.tawnymail.tcp;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.tcp.dns.IpLiteral;
import org.tawnymail.tcp.rules.Caller;
import org.tawnymail.tcp.rules.Rules;
import org.tawnymail.tcp.rules.Verdict;

/** What tcpserver does with one connection: banner, who is it, may he, run the program (companions spec, section 1.2). */
final class ConnectionService implements Listener.Service {

    private static final Ending SUCCESS = new Ending.Exited(ExitCode.SUCCESS);

    private final ServerOptions options;
    private final PeerLookup lookup;
    private final Commands commands;
    private final ServerLog log;
    private final Call server;
    private final Environment environment;
    private final byte[] banner;
    private final Optional<Rules> rules;

    /** @param server tcpserver's own call */
    ConnectionService(Call server, ServerOptions options, PeerLookup lookup, Commands commands) {
        this.server = server;
        this.options = options;
        this.lookup = lookup;
        this.commands = commands;
        this.log = new ServerLog(server, options.talk());
        this.environment = UcspiNames.cleared(server.environment());
        this.banner = Octets.of(options.banner());
        this.rules = options.rules().map(file -> new Rules(server.path(file)));
    }

    @Override
    public void status(int connections) {
        log.status(connections, options.limit());
    }

    @Override
    public void serve(Connection connection) {
        Call program = server.command(options.program());
        Ending ending = new Ending.Exited(ExitCode.TEMPORARY);
        try {
            ending = serve(connection, program);
        } catch (Dropped dropped) {
            log.dropped(dropped.why());
        } catch (RuntimeException | Error defect) {
            // One connection's trouble is not that of the others; out of memory is among what it may be.
            log.dropped(("internal error: " + defect).replace('\n', ' '));
        } finally {
            log.end(program.pid(), ending);
        }
    }

    /** This connection cannot be served. */
    private static final class Dropped extends Exception {
        private Dropped(String why) {
            super(why);
        }

        private String why() {
            return String.valueOf(getMessage());
        }
    }

    private Ending serve(Connection connection, Call program) throws Dropped {
        UcspiNames names = names(connection, program.pid());
        Verdict verdict = verdict(names);
        log.verdict(verdict.allowed(), program.pid(), names);
        if (!verdict.allowed()) {
            return new Ending.Exited(ExitCode.PERMANENT);
        }
        Map<String, String> variables = new HashMap<>(names.variables());
        verdict.settings().forEach(setting -> variables.put(setting.name(), setting.value()));
        Descriptors descriptors = server.descriptors()
                .with(0, connection.input(), connection.output())
                .with(1, connection.input(), connection.output());
        Ending ending;
        try {
            ending = commands.run(
                    program.withEnvironment(environment.with(variables)).withDescriptors(descriptors));
        } catch (CommandNotRun e) {
            throw new Dropped("unable to run " + program.name() + ": " + e.getMessage());
        }
        if (!ending.equals(SUCCESS)) {
            // It broke off, and the peer may be in the middle of something.
            partFrom(connection);
        }
        return ending;
    }

    private static void partFrom(Connection connection) {
        try {
            connection.closeAfterLastWord();
        } catch (IOException gone) {
            // He did not wait for it.
        }
    }

    private UcspiNames names(Connection connection, long pid) throws Dropped {
        try {
            log.pid(pid, IpLiteral.text(connection.remote().getAddress()));
            if (banner.length > 0) {
                greet(connection);
            }
            return lookup.names(connection.local(), connection.remote());
        } catch (IOException e) {
            throw new Dropped("unable to get local address: " + Errno.text(e));
        }
    }

    private void greet(Connection connection) throws Dropped {
        try {
            connection.output().write(banner);
        } catch (IOException e) {
            throw new Dropped("unable to print banner: " + Errno.text(e));
        }
    }

    private Verdict verdict(UcspiNames names) throws Dropped {
        if (rules.isEmpty()) {
            return Verdict.DEFAULT;
        }
        Caller caller = new Caller(names.remoteIp(), names.remoteHost(), names.remoteInfo());
        try {
            return rules.get().rule(caller).map(Rules.Rule::verdict).orElse(Verdict.DEFAULT);
        } catch (NoSuchFileException missing) {
            if (options.rulesMayBeMissing()) {
                return Verdict.DEFAULT;
            }
            throw new Dropped("unable to read " + options.rules().orElse("") + ": " + Errno.text(missing));
        } catch (IOException e) {
            throw new Dropped("unable to read " + options.rules().orElse("") + ": " + Errno.text(e));
        }
    }
}
