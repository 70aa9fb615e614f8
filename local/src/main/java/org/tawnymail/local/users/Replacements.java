package org.tawnymail.local.users;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.Environment;

/**
 * What an operator has put in the place of the programs that qmail-lspawn runs, {@code bin/qmail-local} and {@code
 * bin/qmail-getpw}. As long as ours stand there, no process is started for them. Safe for use by many threads.
 */
public final class Replacements {

    /** A program that hangs would hold its slot for ever; what a {@code .qmail} file runs gets as much. */
    private static final Duration LONGEST_RUN = Duration.ofHours(24);

    private final Home home;
    private final Path bin;
    private final Commands commands;
    private final Environment environment;

    /**
     * @param home whose {@code bin} counts, if it has one
     * @param bin the directory with our programs' names, which counts otherwise
     * @param environment what the programs inherit
     */
    public Replacements(Home home, Path bin, Commands commands, Environment environment) {
        this.home = home;
        this.bin = bin;
        this.commands = commands;
        this.environment = environment;
    }

    /** The executable that stands in the place of a program of ours; nothing if ours does, or none. */
    public Optional<String> of(String name) {
        Path inHome = home.path().resolve("bin").resolve(name);
        Path file = Files.exists(inHome) ? inHome : bin.resolve(name);
        String command = Octets.fileName(file);
        return commands.isOurs(command, environment) || !Files.exists(file) ? Optional.empty() : Optional.of(command);
    }

    /**
     * Runs one in the home directory.
     *
     * @param user whom it is to run as; nobody else than this process, if nobody is named
     */
    public Ending run(String command, List<String> arguments, Descriptors descriptors, Optional<Identity> user)
            throws CommandNotRun {
        Call call = new Call(command, arguments, environment, descriptors, home.path());
        Commands.Running running = user.isPresent() ? commands.start(call, user.get()) : commands.start(call);
        return running.await(LONGEST_RUN);
    }
}
