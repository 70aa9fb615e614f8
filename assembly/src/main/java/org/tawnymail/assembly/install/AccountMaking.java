package org.tawnymail.assembly.install;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Accounts;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;

/** Makes the accounts and groups that are missing, with the system's own {@code groupadd} and {@code useradd}. */
final class AccountMaking {

    private static final List<String> NO_LOGIN = List.of("/usr/sbin/nologin", "/sbin/nologin", "/bin/false");
    private static final String SYSTEM_DIRECTORIES = "/usr/sbin:/sbin:/usr/bin:/bin";

    private final Commands commands;
    private final Call call;
    private final Install.Report report;

    AccountMaking(Commands commands, Call call, Install.Report report) {
        this.commands = commands;
        this.call = call;
        this.report = report;
    }

    void makeMissing(Path home) throws IOException {
        for (String group : new TreeSet<>(Owners.ACCOUNTS.values())) {
            if (Accounts.groupByName(group).isEmpty()) {
                run(List.of("groupadd", "-r", group), "group " + group);
            }
        }
        for (Map.Entry<String, String> account : Owners.ACCOUNTS.entrySet()) {
            String name = account.getKey();
            if (Accounts.byName(name).isEmpty()) {
                Path itsHome = name.equals("alias") ? home.resolve("alias") : home;
                List<String> command = List.of(
                        "useradd",
                        "-r",
                        "-M",
                        "-g",
                        account.getValue(),
                        "-d",
                        Octets.fileName(itsHome),
                        "-s",
                        shell(),
                        name);
                run(command, "account " + name);
            }
        }
    }

    private void run(List<String> command, String what) throws IOException {
        Environment environment = call.environment();
        String path = environment.get("PATH").map(own -> own + ":").orElse("") + SYSTEM_DIRECTORIES;
        Call child = call.command(command)
                .withEnvironment(environment.with("PATH", path))
                .withDescriptors(call.descriptors().with(0, InputStream.nullInputStream()));
        Ending ending;
        try {
            ending = commands.run(child);
        } catch (CommandNotRun notRun) {
            throw failure(what, command, command.getFirst() + ": " + notRun.getMessage());
        }
        if (!ending.equals(new Ending.Exited(ExitCode.SUCCESS))) {
            throw failure(what, command, command.getFirst() + " failed");
        }
        report.line("made " + what);
    }

    private static Complaint failure(String what, List<String> command, String why) {
        return new Complaint(
                ExitCode.TEMPORARY,
                "tawny: fatal: unable to make " + what + ": " + why + " (" + String.join(" ", new ArrayList<>(command))
                        + "); make the accounts by hand and run this again");
    }

    private static String shell() {
        for (String shell : NO_LOGIN) {
            if (Files.isExecutable(Path.of(shell))) {
                return shell;
            }
        }
        return NO_LOGIN.getLast();
    }
}
