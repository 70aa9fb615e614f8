package org.tawnymail.inject;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.ExitCode;

/** Runs one of the mail system's own programs in place of the calling one, nearly as {@code exec} would. */
final class OwnCommand {

    /**
     * What to run under the name of an own program: what stands under it in {@code bin} of the home directory, so that a
     * site can put its own there; where the home has no such folder (the playground's), the name alone, which is ours.
     */
    static String of(Home home, String program) {
        Path installed = home.path().resolve("bin").resolve(program);
        return Files.exists(installed) ? Octets.fileName(installed) : program;
    }

    /** Runs one, under the number of the caller, and returns its exit code; that of a temporary failure if it was killed. */
    static int run(Home home, Commands commands, Call call, String program, List<String> arguments)
            throws CommandNotRun {
        return exitCode(commands.run(call.replacedBy(of(home, program), arguments)));
    }

    static int exitCode(Ending ending) {
        return ending instanceof Ending.Exited exited ? exited.code() : ExitCode.TEMPORARY;
    }

    private OwnCommand() {}
}
