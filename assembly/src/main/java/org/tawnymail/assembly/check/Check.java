package org.tawnymail.assembly.check;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Accounts;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.local.users.PasswdLookup;
import org.tawnymail.local.users.UserLookup;
import org.tawnymail.local.users.UsersDatabase;

/** {@code tawny check [HOME]}: names every mistake in a home, one a line. Changes nothing, and asks no name server. */
public final class Check implements Program {

    /** Something is odd, nothing is wrong. */
    private static final int ONLY_WARNINGS = 1;

    /** More homes are not looked at. */
    private static final int MOST_HOMES = 1_000;

    private static final String USAGE = "tawny: usage: tawny check [ HOME ]";

    private final Path bin;
    private final Path passwd;
    private final boolean formerQueueIsKnown;

    /**
     * @param bin where our own programs are
     * @param passwd the file with the accounts of the system
     */
    public Check(Path bin, Path passwd) {
        this(bin, passwd, false);
    }

    private Check(Path bin, Path passwd, boolean formerQueueIsKnown) {
        this.bin = bin;
        this.passwd = passwd;
        this.formerQueueIsKnown = formerQueueIsKnown;
    }

    /** The same for one who is about to adopt the mail of a former qmail and need not be told that there is some. */
    public Check forAdoption() {
        return new Check(bin, passwd, true);
    }

    @Override
    public int run(Call call) throws IOException {
        if (call.arguments().size() > 1
                || (!call.arguments().isEmpty() && call.arguments().getFirst().startsWith("-"))) {
            throw new Complaint(ExitCode.PERMANENT, USAGE);
        }
        Home home = call.arguments().isEmpty()
                ? Home.of(call.environment())
                : new Home(call.path(call.arguments().getFirst()));
        if (!Files.isDirectory(home.path())) {
            throw new Complaint(
                    ExitCode.TEMPORARY,
                    "tawny: fatal: " + home.path() + " is no folder; name a home, as in: tawny check /var/qmail");
        }
        OutputStream out = new BufferedOutputStream(call.stdout());
        Findings findings = new Findings(finding -> print(out, finding.line()));
        try {
            look(home, call, findings);
            if (!findings.hasErrors() && !findings.hasWarnings()) {
                print(out, "no mistakes found in " + Octets.fileName(home.path()));
            }
        } catch (UncheckedIOException unwritable) {
            throw new IOException("unable to write output", unwritable);
        } finally {
            out.flush();
        }
        return findings.hasErrors() ? ExitCode.PERMANENT : findings.hasWarnings() ? ONLY_WARNINGS : ExitCode.SUCCESS;
    }

    private void look(Home home, Call call, Findings findings) throws IOException {
        new ControlCheck(home, findings).run();
        UserLookup users = new UserLookup(new UsersDatabase(home), new PasswdLookup(Accounts::byName));
        new DomainCheck(home, users, findings).run();
        UsersCheck assigned = new UsersCheck(home, findings);
        assigned.run();
        new PlacesCheck(home, findings).run();
        new QueueCheck(home, findings).run();
        if (!formerQueueIsKnown) {
            new FormerQueueCheck(home, findings).run();
        }

        Set<Path> homes = new LinkedHashSet<>();
        homes.add(home.path().resolve("alias"));
        homes.addAll(assigned.homes());
        if (!assigned.isEverybodyAssigned()) {
            homes.addAll(new PasswdHomes(passwd).homes(MOST_HOMES));
        }
        DotQmailCheck dotQmail = new DotQmailCheck(bin, call.environment(), findings);
        int looked = 0;
        for (Path one : homes) {
            if (++looked > MOST_HOMES) {
                findings.warning(
                        home.users(),
                        "leads to more than " + MOST_HOMES + " homes: the others were not looked at",
                        "look at them yourself");
                break;
            }
            dotQmail.home(one);
        }
    }

    private static void print(OutputStream out, String line) {
        try {
            out.write(Octets.of(line + "\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
