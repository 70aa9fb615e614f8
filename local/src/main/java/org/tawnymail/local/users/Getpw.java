package org.tawnymail.local.users;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Account;
import org.tawnymail.base.posix.Accounts;
import org.tawnymail.base.posix.Group;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.posix.SystemError;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.ExitCode;

/**
 * Asks the program that an operator has put in the place of {@code bin/qmail-getpw}, as user {@code qmailp} with group {@code
 * nofiles}; without one, our own look-up, in this process (core spec, section 5.3).
 */
final class Getpw implements AccountLookup {

    private static final String PROGRAM = "qmail-getpw";
    private static final String USER = "qmailp";
    private static final String GROUP = "nofiles";

    /** No answer of six fields is longer. */
    private static final int LONGEST_ANSWER = 64 << 10;

    private final Replacements replaced;
    private final AccountLookup ours;

    Getpw(Replacements replaced, AccountLookup ours) {
        this.replaced = replaced;
        this.ours = ours;
    }

    @Override
    public LocalUser find(String local) throws LookupFailure {
        Optional<String> program = replaced.of(PROGRAM);
        return program.isPresent() ? ask(program.get(), local) : ours.find(local);
    }

    private LocalUser ask(String program, String local) throws LookupFailure {
        Answer answer = new Answer();
        Ending ending;
        try {
            ending = replaced.run(program, List.of(local), Descriptors.none().with(1, answer), identity());
        } catch (CommandNotRun | SystemError notRun) {
            throw new LookupFailure(
                    LspawnReport.GETPW_NOT_RUN, "unable to run " + program + ": " + notRun.getMessage());
        }
        return switch (ending) {
            case Ending.Exited(int code) when code == ExitCode.SUCCESS -> LocalUser.decode(answer.text());
            case Ending.Exited(int code) -> throw new LookupFailure(code, program + " ended with exit code " + code);
            case Ending.Killed(int signal) ->
                throw new LookupFailure(LspawnReport.TEMPORARY_FAILURE, program + " was killed by signal " + signal);
        };
    }

    /** A process that is not root asks as itself. */
    private static Optional<Identity> identity() throws SystemError {
        if (ThisProcess.effectiveUid() != 0) {
            return Optional.empty();
        }
        Account account = Accounts.byName(USER).orElseThrow(() -> new SystemError("there is no user " + USER, 0));
        Group group = Accounts.groupByName(GROUP).orElseThrow(() -> new SystemError("there is no group " + GROUP, 0));
        return Optional.of(new Identity(account.uid(), group.gid()));
    }

    private static final class Answer extends OutputStream {

        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int octet) {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] from, int offset, int length) {
            octets.write(from, offset, Math.min(length, LONGEST_ANSWER - octets.size()));
        }

        synchronized String text() {
            return Octets.text(octets.toByteArray());
        }
    }
}
