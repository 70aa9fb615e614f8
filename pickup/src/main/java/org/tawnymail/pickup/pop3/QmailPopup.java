package org.tawnymail.pickup.pop3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.Program;

/**
 * {@code qmail-popup HOSTNAME SUBPROGRAM [ARGUMENT ...]}: POP3 up to the password (core spec, section 10.1).
 *
 * <p>Name, password and the greeting's timestamp go to SUBPROGRAM on descriptor 3, which inherits the connection and
 * serves the mailbox if it accepts them. One attempt a connection; the exit code is always 1.
 */
public final class QmailPopup implements Program {

    /**
     * A variable that, when set, takes the timestamp out of the greeting. A client that sees one may choose APOP (RFC 1939,
     * section 7) without asking, and a checker that keeps hashes only can never accept that.
     */
    public static final String NO_APOP = "NOAPOP";

    private static final int EXIT = 1;

    /** Nobody needs as many commands to log in; without a limit a stranger could hold a connection for ever. */
    static final int MOST_COMMANDS = 100;

    private static final int CREDENTIALS = 3;

    private final Commands commands;
    private final InstantSource clock;

    public QmailPopup(Commands commands, InstantSource clock) {
        this.commands = commands;
        this.clock = clock;
    }

    @Override
    public int run(Call call) {
        try {
            ReplyWriter replies = new ReplyWriter(call.stdout());
            if (call.arguments().size() < 2) {
                replies.error("usage: popup hostname subprogram");
            } else {
                SessionLimits.set(call);
                new Session(call, replies).serve();
            }
            replies.flush();
        } catch (IOException brokenOrTooSlow) {
            // The client is gone or silent: qmail-popup ends without a word.
        }
        return EXIT;
    }

    private final class Session {

        private final Call call;
        private final ReplyWriter replies;
        private final CommandReader reader;
        private final String timestamp;
        private String user = "";

        Session(Call call, ReplyWriter replies) throws IOException {
            this.call = call;
            this.replies = replies;
            this.reader = new CommandReader(call.stdin(), replies);
            this.timestamp = "<" + call.pid() + "." + clock.instant().getEpochSecond() + "@"
                    + call.arguments().getFirst() + ">";
        }

        void serve() throws IOException {
            boolean offersApop = !call.environment().isSet(NO_APOP);
            replies.line("+OK " + (offersApop ? timestamp : call.arguments().getFirst()));
            for (int count = 0; count < MOST_COMMANDS; count++) {
                Optional<Command> command = reader.next();
                if (command.isEmpty() || ends(command.get())) {
                    return;
                }
            }
        }

        private boolean ends(Command command) throws IOException {
            switch (command.verb()) {
                case "user" -> user(command.argument());
                case "pass" -> {
                    return pass(command.argument());
                }
                case "apop" -> {
                    return apop(command.argument());
                }
                case "quit" -> {
                    replies.ok();
                    return true;
                }
                case "noop" -> replies.ok();
                default -> replies.error("authorization first");
            }
            return false;
        }

        private void user(String name) throws IOException {
            if (name.isEmpty()) {
                replies.error("syntax error");
                return;
            }
            user = name;
            replies.ok();
        }

        private boolean pass(String password) throws IOException {
            if (user.isEmpty()) {
                replies.error("USER first");
                return false;
            }
            if (password.isEmpty()) {
                replies.error("syntax error");
                return false;
            }
            handOver(user, password);
            return true;
        }

        private boolean apop(String nameAndDigest) throws IOException {
            int space = nameAndDigest.indexOf(' ');
            if (space < 0) {
                replies.error("syntax error");
                return false;
            }
            handOver(nameAndDigest.substring(0, space), nameAndDigest.substring(space + 1));
            return true;
        }

        private void handOver(String name, String secret) throws IOException {
            replies.flush();
            byte[] credentials = Octets.of(name + "\0" + secret + "\0" + timestamp + "\0");
            List<String> subprogram =
                    call.arguments().subList(1, call.arguments().size());
            Call next = call.command(subprogram)
                    .withDescriptors(connection().with(CREDENTIALS, new ByteArrayInputStream(credentials)));
            try {
                switch (commands.run(next)) {
                    case Ending.Exited(int code) -> {
                        if (code != 0) {
                            replies.error("authorization failed");
                        }
                    }
                    case Ending.Killed(int signal) -> replies.error("aack, child crashed");
                }
            } catch (CommandNotRun notThere) {
                call.complain(
                        "qmail-popup: warning: unable to run " + subprogram.getFirst() + ": " + notThere.getMessage());
                replies.error("authorization failed");
            }
        }

        /** The descriptors with the input at the byte after the command: what the client sent ahead is not lost. */
        private Descriptors connection() throws IOException {
            Descriptors ours = call.descriptors();
            if (!reader.hasReadAhead()) {
                return ours;
            }
            return ours.isWritable(0) ? ours.with(0, reader.rest(), ours.out(0)) : ours.with(0, reader.rest());
        }
    }
}
