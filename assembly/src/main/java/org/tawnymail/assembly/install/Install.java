package org.tawnymail.assembly.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.queue.adopt.QueueAdoption;
import org.tawnymail.queue.disk.LocalDisk;

/**
 * {@code tawny install [ --no-accounts ] [ home ]}: makes an installed system, or brings one up to date. Root makes the
 * accounts that are missing and a system for all users; anybody else a private home.
 *
 * <p>What a person may have written stays as it is: control files, {@code .qmail} files, {@code users/}, the queue's mail.
 */
public final class Install implements Program {

    static final String USAGE = "usage: tawny install [--no-accounts] [HOME]\n";

    private static final String PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._+-";
    private static final int MASK = 0022;
    private static final int PASSABLE_BY_OTHERS = 0001;

    private final Distribution distribution;
    private final Collection<String> programs;
    private final Commands commands;

    /**
     * @param programs the names that belong into {@code bin}
     * @param commands run {@code useradd} and {@code groupadd}
     */
    public Install(Distribution distribution, Collection<String> programs, Commands commands) {
        this.distribution = distribution;
        this.programs = List.copyOf(programs);
        this.commands = commands;
    }

    @Override
    public int run(Call call) throws IOException {
        boolean makeAccounts = true;
        List<String> arguments = call.arguments();
        int next = 0;
        for (; next < arguments.size() && arguments.get(next).startsWith("-"); next++) {
            switch (arguments.get(next)) {
                case "--no-accounts" -> makeAccounts = false;
                case "--help", "-h" -> {
                    call.stdout().write(Octets.of(USAGE));
                    return ExitCode.SUCCESS;
                }
                default -> throw new Complaint(ExitCode.PERMANENT, USAGE.strip());
            }
        }
        if (arguments.size() > next + 1) {
            throw new Complaint(ExitCode.PERMANENT, USAGE.strip());
        }
        Path home = home(call, next < arguments.size() ? arguments.get(next) : Distribution.USUAL_HOME);
        boolean root = ThisProcess.effectiveUid() == 0;
        Report report = new Report(call.stdout());
        ThisProcess.umask(MASK);
        try {
            install(call, home, root, makeAccounts, report);
        } catch (Complaint complaint) {
            throw complaint;
        } catch (IOException e) {
            throw new Complaint(ExitCode.TEMPORARY, "tawny: fatal: unable to install: " + Report.reason(e));
        }
        return ExitCode.SUCCESS;
    }

    private void install(Call call, Path home, boolean root, boolean makeAccounts, Report report) throws IOException {
        if (root && makeAccounts) {
            new AccountMaking(commands, call, report).makeMissing(home);
        }
        Owners owners = root
                ? new Owners.ByName()
                : new Owners.Everybody(ThisProcess.effectiveUid(), ThisProcess.effectiveGid());
        HomeLayout layout = new HomeLayout(home, programs);
        new HomeMaking(layout, owners, distribution, report).make();
        if (root) {
            warnIfNobodyElseCanRunJava(report);
        }
        nextSteps(home, root, report);
    }

    /** The name stands in scripts, in PATH and in users/assign: it must be harmless in all of them. */
    private static Path home(Call call, String name) throws Complaint {
        Path home = call.path(name).normalize();
        String text = Octets.fileName(home);
        for (int i = 0; i < text.length(); i++) {
            if (PLAIN.indexOf(text.charAt(i)) < 0) {
                throw new Complaint(
                        ExitCode.PERMANENT,
                        "tawny: fatal: " + text + " cannot be a home: its name stands in scripts and in PATH, so it may"
                                + " have letters, digits and . _ + - only");
            }
        }
        if (home.getNameCount() == 0) {
            throw new Complaint(ExitCode.PERMANENT, "tawny: fatal: / cannot be a home");
        }
        return home;
    }

    private void warnIfNobodyElseCanRunJava(Report report) throws IOException {
        Path java = distribution.javaHome().orElse(Path.of("/")).resolve("bin/java");
        if (Files.notExists(java)) {
            return;
        }
        for (Path above = java.toRealPath().getParent(); above != null; above = above.getParent()) {
            int mode = (int) Files.getAttribute(above, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            if ((mode & PASSABLE_BY_OTHERS) == 0) {
                report.line("warning: only root can run " + java + " (" + above
                        + " is closed): install a JDK 25 for all users and run ./tawny build again");
                return;
            }
        }
    }

    private static void nextSteps(Path home, boolean root, Report report) throws IOException {
        report.line("");
        report.line("next:");
        if (QueueAdoption.isMailThere(new LocalDisk(), home.resolve("queue"))) {
            report.line("  " + home + "/tawny adopt " + home
                    + "     takes over the mail in qmail's own queue; stop qmail first");
        }
        report.line("  " + home
                + "/bin/config-fast mail.example.org     who this host is; or bin/config, which asks the DNS");
        report.line("  cp " + home + "/boot/home " + home
                + "/rc        how mail is delivered; the other files of boot are" + " examples too");
        if (root) {
            report.line("  " + home + "/rc &                             starts it; or, with systemd:");
            report.line("  cp " + home + "/boot/qmail.service /etc/systemd/system/ && systemctl enable --now qmail");
            report.line("  ln -s " + home + "/bin/sendmail /usr/sbin/   for programs that send mail");
        } else {
            report.line("  " + home + "/rc &                             starts it; all of it runs as you");
        }
        report.line("  " + home + "/bin/instcheck                    says what is not as it was installed");
    }

    /** What is done, line by line. */
    static final class Report {

        private final java.io.OutputStream out;

        Report(java.io.OutputStream out) {
            this.out = out;
        }

        void line(String line) throws IOException {
            out.write(Octets.of(line + "\n"));
            out.flush();
        }

        static String reason(IOException e) {
            String file = e instanceof java.nio.file.FileSystemException failed && failed.getFile() != null
                    ? failed.getFile() + ": "
                    : "";
            return file + Errno.text(e);
        }
    }
}
