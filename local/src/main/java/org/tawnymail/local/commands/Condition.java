package org.tawnymail.local.commands;

import java.util.List;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.ExitCode;

/** A command whose exit code answers a question: 0 is yes, 111 is "ask later", everything else is no. */
final class Condition {

    /**
     * Asks.
     *
     * @param program who asks, for the complaint
     * @param commandLine the command, which gets the descriptors of the call, and its arguments
     * @return whether the answer is yes; a command that does not exist answers no
     * @throws Complaint with exit code 111 if there is no answer now
     */
    static boolean holds(Commands commands, Call call, String program, List<String> commandLine) throws Complaint {
        return switch (ending(commands, call.command(commandLine))) {
            case Ending.Exited(int code)
            when code == ExitCode.TEMPORARY -> throw noAnswer(program, "temporary child error");
            case Ending.Exited(int code) -> code == ExitCode.SUCCESS;
            case Ending.Killed(int signal) -> throw noAnswer(program, "child crashed");
        };
    }

    private static Ending ending(Commands commands, Call call) {
        try {
            return commands.run(call);
        } catch (CommandNotRun notRun) {
            return new Ending.Exited(notRun.isTemporary() ? ExitCode.TEMPORARY : ExitCode.PERMANENT);
        }
    }

    private static Complaint noAnswer(String program, String why) {
        return new Complaint(ExitCode.TEMPORARY, program + ": fatal: " + why);
    }

    private Condition() {}
}
