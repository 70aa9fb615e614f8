package org.tawnymail.pickup.login;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.ExitCode;

/**
 * A login that was accepted: the next program runs in its place (companions spec, section 8.1).
 *
 * @param user what {@code USER} says
 * @param home the name of the working directory, and what {@code HOME} says; octets, absolute
 * @param shell what {@code SHELL} says
 * @param identity who runs the program, if that is not whoever runs this
 */
record Admission(String user, String home, String shell, Optional<Identity> identity) {

    private static final int DESCRIPTOR_OF_THE_PASSWORD = 3;

    /** Runs the program that the arguments of the call name, and ends as it ends. */
    int runNext(Call call, Commands commands) {
        Optional<Path> directory = directory();
        if (directory.isEmpty()) {
            call.complain(call.programName() + ": fatal: unable to enter the home directory of " + user + ": " + home);
            return ExitCode.TEMPORARY;
        }
        Call next = call.command(call.arguments())
                .withEnvironment(call.environment().with(Map.of("USER", user, "HOME", home, "SHELL", shell)))
                .withDescriptors(call.descriptors().without(DESCRIPTOR_OF_THE_PASSWORD))
                .withDirectory(directory.get());
        try {
            Commands.Running running =
                    identity.isPresent() ? commands.start(next, identity.get()) : commands.start(next);
            return switch (running.await()) {
                case Ending.Exited(int code) -> code;
                // A process would die of the same signal; a function can only say that something went wrong.
                case Ending.Killed(int signal) -> ExitCode.TEMPORARY;
            };
        } catch (CommandNotRun notRun) {
            call.complain(call.programName() + ": fatal: unable to run " + next.name() + ": " + notRun.getMessage());
            return ExitCode.TEMPORARY;
        }
    }

    private Optional<Path> directory() {
        try {
            return Optional.of(Octets.path(home)).filter(Path::isAbsolute).filter(Files::isDirectory);
        } catch (InvalidPathException unreachable) {
            return Optional.empty();
        }
    }
}
