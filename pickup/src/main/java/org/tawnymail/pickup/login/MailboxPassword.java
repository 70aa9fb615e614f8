package org.tawnymail.pickup.login;

import java.io.IOException;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/**
 * {@code mailboxpassword NAME@DOMAIN [DIRECTORY]}: gives a mailbox the password that stands on the first line of
 * descriptor 0; with DIRECTORY, adds the mailbox.
 *
 * <p>The password never is an argument: arguments are seen by everybody on the machine.
 */
public final class MailboxPassword implements Program {

    private static final int LONGEST_INPUT = 4096;

    private final MailboxAccounts accounts;

    public MailboxPassword(MailboxAccounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public int run(Call call) throws IOException {
        int arguments = call.arguments().size();
        if (arguments < 1 || arguments > 2) {
            throw new Complaint(
                    ExitCode.PERMANENT, "mailboxpassword: usage: mailboxpassword name@domain [ directory ]");
        }
        String login = call.arguments().getFirst();
        String password = firstLine(call);
        try {
            if (arguments == 2) {
                accounts.add(login, password, call.arguments().getLast());
            } else {
                accounts.setPassword(login, password);
            }
            return ExitCode.SUCCESS;
        } catch (MailboxAccounts.NotPossible reason) {
            throw new Complaint(ExitCode.PERMANENT, "mailboxpassword: fatal: " + reason.why());
        } catch (IOException trouble) {
            throw new Complaint(
                    ExitCode.TEMPORARY,
                    "mailboxpassword: fatal: unable to write " + accounts.file() + ": " + trouble.getMessage());
        }
    }

    private static String firstLine(Call call) throws IOException {
        String text = Octets.text(call.stdin().readNBytes(LONGEST_INPUT));
        int end = text.indexOf('\n');
        String line = end < 0 ? text : text.substring(0, end);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }
}
