package org.tawnymail.pickup.login;

import java.io.IOException;
import java.util.Optional;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/**
 * {@code checkmailbox PROGRAM [ARGUMENT ...]}: the interface of checkpassword for the accounts of {@link
 * MailboxAccounts}. PROGRAM runs as whoever runs this, in the mailbox's directory.
 */
public final class Checkmailbox implements Program {

    /** A mailbox has no shell; some programs want one named all the same. */
    private static final String SHELL = "/bin/false";

    private final Commands commands;
    private final MailboxAccounts accounts;
    private final ControlFiles controls;
    private final PasswordWork work;

    /**
     * @param home where the control file {@code me} names the domain of bare names
     * @param work shared by all programs of the process that check passwords
     */
    public Checkmailbox(Commands commands, MailboxAccounts accounts, Home home, PasswordWork work) {
        this.commands = commands;
        this.accounts = accounts;
        this.controls = home.controls();
        this.work = work;
    }

    @Override
    public int run(Call call) throws IOException {
        if (call.arguments().isEmpty()) {
            return Credentials.MISUSED;
        }
        return switch (Credentials.read(call)) {
            case Reading.Refused(int exitCode) -> exitCode;
            case Credentials credentials -> check(call, credentials);
        };
    }

    private int check(Call call, Credentials credentials) {
        Optional<Mailbox> mailbox;
        try {
            mailbox = accounts.find(credentials.login(), controls.me());
        } catch (IOException unreadable) {
            call.complain("checkmailbox: fatal: unable to read " + accounts.file() + ": " + unreadable.getMessage());
            return ExitCode.TEMPORARY;
        }
        Pbkdf2Hash hash = mailbox.flatMap(found -> Pbkdf2Hash.parse(found.storedPassword()))
                .orElse(Pbkdf2Hash.DECOY);
        try {
            if (!work.check(() -> hash.matches(credentials.password())) || mailbox.isEmpty()) {
                return Credentials.NOT_ACCEPTED;
            }
        } catch (PasswordWork.TooBusy busy) {
            call.complain("checkmailbox: fatal: " + busy.getMessage());
            return ExitCode.TEMPORARY;
        }
        Mailbox found = mailbox.get();
        return new Admission(found.login(), found.home(), SHELL, Optional.empty()).runNext(call, commands);
    }
}
