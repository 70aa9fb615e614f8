package org.tawnymail.pickup.login;

import java.io.IOException;
import java.util.Optional;
import org.tawnymail.base.posix.Account;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/**
 * {@code checkpassword PROGRAM [ARGUMENT ...]}: lets the accounts of the system log in (core spec, section 10.2;
 * companions spec, section 8.1). PROGRAM runs as the account, with its main group alone, in its home directory.
 *
 * <p>Only root can become somebody else and read the shadow database; an ordinary process can serve its own account at
 * best, and says so for any other.
 */
public final class Checkpassword implements Program {

    private static final int ROOT = 0;

    /** Checked where there is nothing to check, so that this takes as long; a hash of no password. */
    static final String DECOY =
            "$6$tawnytawnytawny.$0000000000000000000000000000000000000000000000000000000000000000000000000000000000000/";

    private final Commands commands;
    private final SystemPasswords system;
    private final PasswordWork work;

    /** @param work shared by all programs of the process that check passwords */
    public Checkpassword(Commands commands, PasswordWork work) {
        this(commands, work, SystemPasswords.OF_THE_SYSTEM);
    }

    Checkpassword(Commands commands, PasswordWork work, SystemPasswords system) {
        this.commands = commands;
        this.work = work;
        this.system = system;
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

    private int check(Call call, Credentials credentials) throws IOException {
        Optional<Account> account = system.account(credentials.login());
        int uid = system.uid();
        if (uid != ROOT && account.filter(found -> found.uid() == uid).isEmpty()) {
            call.complain("checkpassword: fatal: unable to let others log in: not started as root");
            return ExitCode.TEMPORARY;
        }
        String stored = account.isPresent() ? storedPassword(account.get()) : "";
        boolean usable = !stored.isEmpty() && stored.charAt(0) != '*' && stored.charAt(0) != '!';
        try {
            boolean right = work.check(() -> system.matches(credentials.password(), usable ? stored : DECOY));
            if (!right || !usable || account.isEmpty()) {
                return Credentials.NOT_ACCEPTED;
            }
        } catch (PasswordWork.TooBusy busy) {
            call.complain("checkpassword: fatal: " + busy.getMessage());
            return ExitCode.TEMPORARY;
        }
        Account found = account.get();
        return new Admission(found.name(), found.home(), found.shell(), Optional.of(found.identity()))
                .runNext(call, commands);
    }

    private String storedPassword(Account account) throws IOException {
        return system.shadowPassword(account.name()).orElse(account.passwordField());
    }
}
