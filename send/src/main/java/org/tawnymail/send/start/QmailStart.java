package org.tawnymail.send.start;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Becoming;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.posix.PlainPipe;
import org.tawnymail.base.posix.Spawn;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.process.PathSearch;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/**
 * {@code qmail-start [ defaultdelivery [ logger arg ... ] ]}: starts the daemons and becomes qmail-send (core spec, section
 * 1.5). All of them are looked for in {@code PATH}.
 *
 * <pre>
 *   descriptor     0          1         2         3          4
 *   qmail-send     log        commands  reports   commands   reports
 *                             qmail-lspawn        qmail-rspawn
 *   qmail-lspawn   commands   reports
 *   qmail-rspawn   commands   reports
 *   logger         log        as ours
 * </pre>
 *
 * <p>Without a logger the log goes where our descriptor 1 goes. Of the descriptors above the table none is handed on; where one
 * of 0 to 2 has no entry, it is {@code /dev/null}.
 *
 * <p>It is a process of its own or nothing: a call inside another process would put an end to that process.
 */
public final class QmailStart implements Program {

    private static final String DEFAULT_DELIVERY = "./Mailbox";
    private static final int PRIVATE = 0077;
    private static final Path ROOT = Path.of("/");

    /** Ends without a word if anything but an account is missing, as qmail-start does. */
    @Override
    public int run(Call call) throws IOException {
        Roles roles = Roles.ofThisProcess();
        try {
            ThisProcess.umask(PRIVATE);
            begin(call, roles);
            return ExitCode.TEMPORARY;
        } catch (Complaint complaint) {
            throw complaint;
        } catch (IOException unable) {
            return ExitCode.TEMPORARY;
        }
    }

    private static void begin(Call call, Roles roles) throws IOException {
        List<String> arguments = call.arguments();
        String delivery = arguments.isEmpty() ? DEFAULT_DELIVERY : arguments.getFirst();
        List<String> logger = arguments.size() > 1 ? arguments.subList(1, arguments.size()) : List.of();

        PlainPipe toLocal = PlainPipe.make();
        PlainPipe fromLocal = PlainPipe.make();
        PlainPipe toRemote = PlainPipe.make();
        PlainPipe fromRemote = PlainPipe.make();

        // qmail-send is found first, so that nothing is started in vain.
        NavigableMap<Integer, Integer> map = new TreeMap<>();
        map.put(0, 1);
        map.put(1, toLocal.writingEnd());
        map.put(2, fromLocal.readingEnd());
        map.put(3, toRemote.writingEnd());
        map.put(4, fromRemote.readingEnd());
        Spawn send = image(call, List.of("qmail-send"), map, roles.send());

        image(call, List.of("qmail-lspawn", delivery), daemon(toLocal, fromLocal), roles.local())
                .start();
        image(call, List.of("qmail-rspawn"), daemon(toRemote, fromRemote), roles.remote())
                .start();
        if (!logger.isEmpty()) {
            PlainPipe log = PlainPipe.make();
            NavigableMap<Integer, Integer> loggers = new TreeMap<>();
            loggers.put(0, log.readingEnd());
            loggers.put(1, 1);
            image(call, logger, loggers, roles.logger()).start();
            map.put(0, log.writingEnd());
        }
        Becoming.orEnd(send, ExitCode.TEMPORARY);
    }

    private static NavigableMap<Integer, Integer> daemon(PlainPipe commands, PlainPipe reports) {
        NavigableMap<Integer, Integer> map = new TreeMap<>();
        map.put(0, commands.readingEnd());
        map.put(1, reports.writingEnd());
        return map;
    }

    private static Spawn image(
            Call call, List<String> command, NavigableMap<Integer, Integer> descriptors, Optional<Identity> identity)
            throws IOException {
        return new Spawn(
                executable(command.getFirst(), call.environment()),
                command,
                variables(call.environment()),
                descriptors,
                ROOT,
                identity);
    }

    private static String executable(String command, Environment environment) throws IOException {
        if (command.indexOf('/') >= 0) {
            return Octets.fileName(ROOT.resolve(Octets.path(command)));
        }
        return PathSearch.executable(command, environment, ROOT)
                .orElseThrow(() -> new IOException("no " + command + " in PATH"));
    }

    private static List<String> variables(Environment environment) {
        List<String> variables = new ArrayList<>();
        environment.variables().forEach((name, value) -> variables.add(name + "=" + value));
        return variables;
    }
}
