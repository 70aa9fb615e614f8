package org.tawnymail.tcp;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Options;

/**
 * The command line of tcpserver (companions spec, section 1.2).
 *
 * @param limit {@code -c}: connections served at once
 * @param backlog {@code -b}: connections that wait for an accept
 * @param rules {@code -x}: the rules file
 * @param rulesMayBeMissing {@code -X}
 * @param banner {@code -B}: is sent before anything else
 * @param uid {@code -u}: whom to become after listening
 * @param gid {@code -g}
 * @param printPort {@code -1}
 * @param localName {@code -l}: this host's name, which then is not looked up
 * @param remoteName {@code -h}: whether to look up the name of the peer
 * @param paranoid {@code -p}: whether to believe that name only if its addresses say the same
 * @param remoteInfo {@code -r}: whether to ask IDENT
 * @param identLimit {@code -t}: how long to wait for IDENT
 * @param talk how much goes to descriptor 2
 * @param host the first operand
 * @param port the second
 * @param program what to run for each connection, and its arguments
 */
record ServerOptions(
        int limit,
        int backlog,
        Optional<String> rules,
        boolean rulesMayBeMissing,
        String banner,
        OptionalInt uid,
        OptionalInt gid,
        boolean printPort,
        Optional<String> localName,
        boolean remoteName,
        boolean paranoid,
        boolean remoteInfo,
        Duration identLimit,
        Talk talk,
        String host,
        String port,
        List<String> program) {

    /** How much tcpserver says. */
    enum Talk {
        /** {@code -q}: nothing at all. */
        NOTHING,
        /** {@code -Q}: what went wrong. */
        ERRORS,
        /** {@code -v}: a line for every event. */
        EVENTS
    }

    private static final String LETTERS = "1UXpPhHrRoOdDqQvc:x:B:g:u:b:l:t:";

    private static final String USAGE =
            "tcpserver: usage: tcpserver [ -1UXpPhHrRoOdDqQv ] [ -c limit ] [ -x rules.cdb ]"
                    + " [ -B banner ] [ -g gid ] [ -u uid ] [ -b backlog ] [ -l localname ] [ -t timeout ]"
                    + " host port program";

    private static final int DEFAULT_LIMIT = 40;
    private static final int DEFAULT_BACKLOG = 20;
    private static final Duration DEFAULT_IDENT_LIMIT = Duration.ofSeconds(26);

    static ServerOptions parse(Call call) throws Complaint {
        Options given;
        try {
            given = Options.parse(call, LETTERS);
        } catch (Options.Unknown unknown) {
            throw new Complaint(ExitCode.PERMANENT, unknown.line() + "\n" + USAGE);
        }
        Parsing parsing = new Parsing();
        for (Options.Option option : given.options()) {
            parsing.take(option, call.environment());
        }
        List<String> operands = given.operands();
        if (operands.size() < 3) {
            throw new Complaint(ExitCode.PERMANENT, USAGE);
        }
        return parsing.with(operands);
    }

    /** The options seen so far; the later of two wins. */
    private static final class Parsing {
        private int limit = DEFAULT_LIMIT;
        private int backlog = DEFAULT_BACKLOG;
        private Optional<String> rules = Optional.empty();
        private boolean rulesMayBeMissing;
        private String banner = "";
        private OptionalInt uid = OptionalInt.empty();
        private OptionalInt gid = OptionalInt.empty();
        private boolean printPort;
        private Optional<String> localName = Optional.empty();
        private boolean remoteName = true;
        private boolean paranoid;
        private boolean remoteInfo = true;
        private Duration identLimit = DEFAULT_IDENT_LIMIT;
        private Talk talk = Talk.ERRORS;

        private void take(Options.Option option, Environment environment) {
            String value = option.value();
            switch (option.letter()) {
                case 'c' -> limit = number(value);
                case 'b' -> backlog = number(value);
                case 'x' -> rules = Optional.of(value);
                case 'X' -> rulesMayBeMissing = true;
                case 'B' -> banner = value;
                case 'u' -> uid = identity(value);
                case 'g' -> gid = identity(value);
                case 'U' -> {
                    uid = environment.get("UID").map(Parsing::identity).orElse(uid);
                    gid = environment.get("GID").map(Parsing::identity).orElse(gid);
                }
                case '1' -> printPort = true;
                case 'l' -> localName = Optional.of(value);
                case 'h', 'H' -> remoteName = option.letter() == 'h';
                case 'p', 'P' -> paranoid = option.letter() == 'p';
                case 'r', 'R' -> remoteInfo = option.letter() == 'r';
                case 't' -> identLimit = Duration.ofSeconds(number(value));
                case 'q' -> talk = Talk.NOTHING;
                case 'Q' -> talk = Talk.ERRORS;
                case 'v' -> talk = Talk.EVENTS;
                // No-delay is always set, and IP options are the system's business: -d -D -o -O change nothing.
                default -> {}
            }
        }

        private ServerOptions with(List<String> operands) {
            return new ServerOptions(
                    limit,
                    backlog,
                    rules,
                    rulesMayBeMissing,
                    banner,
                    uid,
                    gid,
                    printPort,
                    localName,
                    remoteName,
                    paranoid,
                    remoteInfo,
                    identLimit,
                    talk,
                    operands.get(0),
                    operands.get(1),
                    List.copyOf(operands.subList(2, operands.size())));
        }

        /** Leading digits; none are 0 (companions spec, section 0.2). */
        private static int number(String value) {
            return (int) Math.min(ControlFiles.leadingDigits(value).orElse(0), Integer.MAX_VALUE);
        }

        /** 0 means: do not switch. */
        private static OptionalInt identity(String value) {
            int number = number(value);
            return number == 0 ? OptionalInt.empty() : OptionalInt.of(number);
        }
    }
}
