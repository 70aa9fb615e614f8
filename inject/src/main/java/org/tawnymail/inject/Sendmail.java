package org.tawnymail.inject;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tawnymail.base.address.MailAddress;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Options;
import org.tawnymail.base.program.Program;

/**
 * {@code sendmail}, {@code mailq} and {@code newaliases}: what other software calls when it knows no other mailer; it
 * turns the call into one of qmail-inject, qmail-smtpd or qmail-qread (core spec, section 3.16).
 */
public final class Sendmail implements Program {

    /** E and J swallow what is glued to them; the values of e, p, o and B are read and mean nothing. */
    private static final String LETTERS = "vimte:f:p:o:B:F:E::J::xb:";

    private static final String USAGE =
            "sendmail: usage: sendmail [ -t ] [ -fsender ] [ -Fname ] [ -bp ] [ -bs ] [ arg ... ]";

    /** What a session of option -bs looks like to qmail-smtpd: a connection from this machine, which may relay. */
    private static final Map<String, String> LOCAL_SESSION = Map.of(
            "RELAYCLIENT", "",
            "DATABYTES", "0",
            "PROTO", "TCP",
            "TCPLOCALIP", "127.0.0.1",
            "TCPLOCALHOST", "localhost",
            "TCPREMOTEIP", "127.0.0.1",
            "TCPREMOTEHOST", "localhost",
            "TCPREMOTEINFO", "sendmail-bs");

    private enum Mode {
        SUBMIT,
        SESSION,
        QUEUE_LIST
    }

    private final Home home;
    private final Commands commands;

    public Sendmail(Home home, Commands commands) {
        this.home = home;
        this.commands = commands;
    }

    @Override
    public int run(Call call) throws Complaint {
        if (!Files.isDirectory(home.path())) {
            throw fatal("unable to switch to qmail home directory");
        }
        Call atHome = call.withDirectory(home.path());
        Options options = parse(call);
        Mode mode = Mode.SUBMIT;
        boolean readsHeader = false;
        Optional<String> sender = Optional.empty();
        Environment environment = call.environment();
        for (Options.Option option : options.options()) {
            switch (option.letter()) {
                case 't' -> readsHeader = true;
                case 'f' -> sender = Optional.of(option.value());
                case 'F' -> environment = environment.with("MAILNAME", option.value());
                case 'b' -> mode = mode(option.value(), mode);
                default -> {}
            }
        }
        if (mode == Mode.SESSION) {
            return exec(atHome.withEnvironment(sessionEnvironment(environment)), "qmail-smtpd", List.of());
        }
        if (mode == Mode.QUEUE_LIST || call.programName().equals("mailq")) {
            return exec(atHome, "qmail-qread", List.of());
        }
        if (call.programName().equals("newaliases")) {
            throw new Complaint(ExitCode.PERMANENT, "sendmail: fatal: please use fastforward/newaliases instead");
        }
        return submit(atHome.withEnvironment(environment), readsHeader, sender, options.operands());
    }

    private static Options parse(Call call) throws Complaint {
        try {
            return Options.parse(call, LETTERS);
        } catch (Options.Unknown unknown) {
            throw new Complaint(ExitCode.PERMANENT, unknown.line().concat("\n").concat(USAGE));
        }
    }

    /** The first of -bp and -bs decides. */
    private static Mode mode(String value, Mode before) throws Complaint {
        return switch (value) {
            case "m" -> before;
            case "p" -> before == Mode.SUBMIT ? Mode.QUEUE_LIST : before;
            case "s" -> before == Mode.SUBMIT ? Mode.SESSION : before;
            default -> throw new Complaint(ExitCode.PERMANENT, USAGE);
        };
    }

    private static Environment sessionEnvironment(Environment environment) {
        return environment.isSet("PROTO") ? environment : environment.with(LOCAL_SESSION);
    }

    private int submit(Call call, boolean readsHeader, Optional<String> sender, List<String> recipients)
            throws Complaint {
        List<String> arguments = new ArrayList<>();
        arguments.add(readsHeader ? "-H" : "-a");
        Environment environment = call.environment();
        if (sender.isPresent()) {
            arguments.add("-f");
            arguments.add(sender.get());
            environment = writtenBy(sender.get(), environment);
        }
        arguments.add("--");
        arguments.addAll(recipients);
        return exec(call.withEnvironment(environment), "qmail-inject", arguments);
    }

    /** Makes the created From follow the sender of option -f, personal name included. */
    private static Environment writtenBy(String sender, Environment environment) {
        MailAddress address = MailAddress.of(sender);
        Map<String, String> author = new LinkedHashMap<>();
        author.put("QMAILUSER", address.local());
        if (address.domain().isPresent()) {
            author.put("QMAILHOST", address.domain().get());
        }
        return environment
                .without("QMAILNAME", "MAILNAME", "NAME", "QMAILHOST", "MAILHOST")
                .with(author);
    }

    private int exec(Call call, String program, List<String> arguments) throws Complaint {
        try {
            return OwnCommand.run(home, commands, call, program, arguments);
        } catch (CommandNotRun notRun) {
            throw fatal("unable to run ".concat(program));
        }
    }

    private static Complaint fatal(String text) {
        return new Complaint(ExitCode.TEMPORARY, "sendmail: fatal: ".concat(text));
    }
}
