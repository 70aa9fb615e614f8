package org.tawnymail.local.users;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.line.LineInput;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Options;
import org.tawnymail.base.program.Program;

/**
 * {@code qmail-pw2u [ -/ohHuUC ] [ -cCHAR ]}: makes lines of users/assign (core spec, section 5.5) of lines of
 * {@code passwd(5)}, so that addresses are the same whether users/cdb or the accounts themselves are asked (section 5.7).
 */
public final class QmailPw2u implements Program {

    private static final String NAME = "qmail-pw2u";
    private static final String USAGE = "qmail-pw2u: usage: qmail-pw2u [ -/ohHuUC ] [ -cCHAR ]";

    /** No line of a passwd file is longer; glibc takes none of more. */
    private static final int LONGEST_LINE = 64 << 10;

    private final Home home;

    public QmailPw2u(Home home) {
        this.home = home;
    }

    @Override
    public int run(Call call) throws IOException {
        PasswdOptions options = options(call);
        if (!Files.isDirectory(home.path())) {
            throw fatal("unable to chdir");
        }
        UserFiles files = UserFiles.read(home.users());
        Output out = new Output(call.stdout());
        AssignLines lines = new AssignLines(options, files, out);
        LineInput in = new LineInput(call.stdin(), LONGEST_LINE);
        Optional<String> line = next(in);
        while (line.isPresent()) {
            lines.passwd(line.get());
            line = next(in);
        }
        lines.end();
        out.flush();
        return ExitCode.SUCCESS;
    }

    private static PasswdOptions options(Call call) throws Complaint {
        Options options;
        try {
            options = Options.parse(call, "/ohHuUCc:");
        } catch (Options.Unknown unknown) {
            call.complain(unknown.line());
            throw new Complaint(ExitCode.PERMANENT, USAGE);
        }
        PasswdOptions chosen = PasswdOptions.DEFAULT;
        for (Options.Option option : options.options()) {
            chosen = chosen.with(option.letter(), option.value());
        }
        return chosen;
    }

    private static Optional<String> next(LineInput in) throws Complaint {
        try {
            return in.next();
        } catch (IOException e) {
            throw fatal("unable to read input");
        }
    }

    static Complaint fatal(String what) {
        return new Complaint(ExitCode.TEMPORARY, NAME + ": fatal: " + what);
    }

    /** Descriptor 1, which must take everything: half an assign file would bounce the mail of the other half. */
    static final class Output {

        private final OutputStream out;

        Output(OutputStream out) {
            this.out = new BufferedOutputStream(out);
        }

        void print(String text) throws Complaint {
            try {
                out.write(Octets.of(text));
            } catch (IOException e) {
                throw fatal("unable to write output");
            }
        }

        void flush() throws Complaint {
            try {
                out.flush();
            } catch (IOException e) {
                throw fatal("unable to write output");
            }
        }
    }
}
