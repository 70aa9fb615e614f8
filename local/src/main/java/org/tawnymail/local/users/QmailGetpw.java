package org.tawnymail.local.users;

import java.io.IOException;
import java.io.OutputStream;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/**
 * {@code qmail-getpw local}: prints whose mail a local part is as six fields, each ended by a NUL, or nothing and the exit
 * code that says why (core spec, section 5.4).
 */
public final class QmailGetpw implements Program {

    private final PasswdLookup accounts;

    public QmailGetpw(PasswdLookup accounts) {
        this.accounts = accounts;
    }

    @Override
    public int run(Call call) throws IOException {
        if (call.arguments().isEmpty()) {
            return ExitCode.PERMANENT;
        }
        try {
            OutputStream out = call.stdout();
            out.write(Octets.of(accounts.find(call.arguments().getFirst()).encoded()));
            out.flush();
            return ExitCode.SUCCESS;
        } catch (LookupFailure failure) {
            return failure.exitCode();
        }
    }
}
