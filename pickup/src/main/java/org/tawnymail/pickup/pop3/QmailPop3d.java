package org.tawnymail.pickup.pop3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntSupplier;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Program;

/**
 * {@code qmail-pop3d MAILDIR}: serves one Maildir over POP3, after the password (core spec, section 10.3).
 *
 * <p>Nothing in the Maildir changes before QUIT, except that stale files in {@code tmp/} are removed at the start.
 */
public final class QmailPop3d implements Program {

    private static final int DONE = 0;
    private static final int REFUSED = 1;
    private static final int ROOT = 0;

    private final InstantSource clock;
    private final IntSupplier uid;

    /**
     * @param clock tells which files are of the current second, and which are stale
     * @param uid the user id of this process: 0 is refused
     */
    public QmailPop3d(InstantSource clock, IntSupplier uid) {
        this.clock = clock;
        this.uid = uid;
    }

    @Override
    public int run(Call call) {
        if (uid.getAsInt() == ROOT) {
            call.complain("qmail-pop3d invoked as uid 0, terminating");
            return REFUSED;
        }
        try {
            ReplyWriter replies = new ReplyWriter(call.stdout());
            SessionLimits.set(call);
            Optional<Maildrop> maildrop = open(call, replies);
            if (maildrop.isPresent()) {
                new Session(call, replies, maildrop.get()).serve();
            }
            replies.flush();
        } catch (Complaint unreadable) {
            call.complain(unreadable.line());
        } catch (IOException brokenOrTooSlow) {
            // The client is gone or silent: qmail-pop3d ends without a word and changes nothing.
        }
        return DONE;
    }

    private Optional<Maildrop> open(Call call, ReplyWriter replies) throws IOException {
        if (call.arguments().isEmpty()) {
            replies.error("this user has no $HOME/Maildir");
            return Optional.empty();
        }
        Path maildir = call.path(call.arguments().getFirst());
        if (!Files.isDirectory(maildir)) {
            replies.error("this user has no $HOME/Maildir");
            return Optional.empty();
        }
        Instant now = clock.instant();
        MaildropScan.cleanTmp(maildir, now);
        try {
            return Optional.of(MaildropScan.list(maildir, now));
        } catch (IOException unreadable) {
            call.complain("qmail-pop3d: unable to scan " + maildir + ": " + unreadable.getMessage());
            replies.error("unable to scan $HOME/Maildir");
            return Optional.empty();
        }
    }

    /** Prints one message's line of LIST or UIDL. */
    private interface Entry {
        void print(int number) throws IOException;
    }

    private static final class Session {

        private final ReplyWriter replies;
        private final CommandReader commands;
        private final Maildrop maildrop;
        private int highestDeleted;

        Session(Call call, ReplyWriter replies, Maildrop maildrop) throws IOException {
            this.replies = replies;
            this.commands = new CommandReader(call.stdin(), replies);
            this.maildrop = maildrop;
        }

        void serve() throws IOException {
            replies.ok();
            while (true) {
                Optional<Command> command = commands.next();
                if (command.isEmpty()) {
                    return;
                }
                String argument = command.get().argument();
                switch (command.get().verb()) {
                    case "stat" -> stat();
                    case "list" -> list(argument, this::printSize);
                    case "uidl" -> list(argument, this::printUid);
                    case "retr", "top" -> send(argument);
                    case "dele" -> delete(argument);
                    case "rset" -> reset();
                    case "last" -> last();
                    case "noop" -> replies.ok();
                    case "quit" -> {
                        quit();
                        return;
                    }
                    default -> replies.error("unimplemented");
                }
            }
        }

        private void stat() throws IOException {
            replies.text("+OK ");
            replies.number(maildrop.count());
            replies.octet(' ');
            replies.number(maildrop.totalSize());
            replies.lineEnd();
        }

        private void list(String argument, Entry entry) throws IOException {
            if (!argument.isEmpty()) {
                int number = messageNumber(argument);
                if (number > 0) {
                    replies.text("+OK ");
                    entry.print(number);
                }
                return;
            }
            replies.ok();
            for (int number = 1; number <= maildrop.last(); number++) {
                if (!maildrop.isDeleted(number)) {
                    entry.print(number);
                }
            }
            replies.line(".");
        }

        private void printSize(int number) throws IOException {
            replies.number(number);
            replies.octet(' ');
            replies.number(maildrop.size(number));
            replies.lineEnd();
        }

        private void printUid(int number) throws IOException {
            replies.number(number);
            replies.octet(' ');
            maildrop.printUid(number, replies);
            replies.lineEnd();
        }

        /** RETR and TOP are one: a second number limits the lines of the body. */
        private void send(String argument) throws IOException {
            int number = messageNumber(argument);
            if (number == 0) {
                return;
            }
            InputStream opened;
            try {
                opened = maildrop.open(number);
            } catch (IOException goneOrForbidden) {
                replies.error("unable to open that message");
                return;
            }
            try (InputStream message = opened) {
                replies.ok();
                MessageSending.send(message, bodyLines(argument), replies);
            }
        }

        private static long bodyLines(String argument) {
            int next = 0;
            while (next < argument.length() && isDigit(argument.charAt(next))) {
                next++;
            }
            while (next < argument.length() && argument.charAt(next) == ' ') {
                next++;
            }
            return ControlFiles.leadingDigits(argument.substring(next)).orElse(Long.MAX_VALUE);
        }

        private void delete(String argument) throws IOException {
            int number = messageNumber(argument);
            if (number > 0) {
                maildrop.delete(number);
                highestDeleted = Math.max(highestDeleted, number);
                replies.ok();
            }
        }

        private void reset() throws IOException {
            maildrop.undeleteAll();
            highestDeleted = 0;
            replies.ok();
        }

        private void last() throws IOException {
            replies.text("+OK ");
            replies.number(highestDeleted);
            replies.lineEnd();
        }

        private void quit() throws IOException {
            for (int failures = maildrop.update(); failures > 0; failures--) {
                replies.error("unable to unlink all deleted messages");
            }
            replies.ok();
        }

        /** The message number that the argument begins with, or 0 if it is none, which has then been answered. */
        private int messageNumber(String argument) throws IOException {
            OptionalLong number = ControlFiles.leadingDigits(argument);
            if (number.isEmpty()) {
                replies.error("syntax error");
            } else if (number.getAsLong() == 0) {
                replies.error("messages are counted from 1");
            } else if (number.getAsLong() > maildrop.last()) {
                replies.error("not that many messages");
            } else if (maildrop.isDeleted((int) number.getAsLong())) {
                replies.error("already deleted");
            } else {
                return (int) number.getAsLong();
            }
            return 0;
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }
    }
}
