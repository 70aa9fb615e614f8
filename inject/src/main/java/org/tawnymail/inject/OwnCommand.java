package org.tawnymail.inject;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.ExitCode;

/** Runs one of the mail system's own programs in place of the calling one, as {@code exec} would. */
final class OwnCommand {

    /**
     * Runs what stands in {@code bin} of the home directory under this name, so that a site can put its own there; where
     * the home has no such folder (the playground's), the program of that name.
     *
     * @return its exit code; that of a temporary failure if it was killed
     */
    static int run(Home home, Commands commands, Call call, String program, List<String> arguments)
            throws CommandNotRun {
        Path installed = home.path().resolve("bin").resolve(program);
        String command = Files.exists(installed) ? installed.toString() : program;
        Ending ending = commands.run(call.command(command, arguments));
        return ending instanceof Ending.Exited exited ? exited.code() : ExitCode.TEMPORARY;
    }

    private OwnCommand() {}
}
