package org.tawnymail.pickup.reader;

import java.util.List;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/**
 * {@code elq}, {@code pinq} and {@code qail}: bring the mbox up to date with {@code maildir2mbox}, then run elm, pine or Mail,
 * which read no Maildirs, with the same arguments.
 */
public final class MboxReader implements Program {

    private final Commands commands;
    private final String name;
    private final String reader;

    /**
     * @param name what complaints begin with
     * @param reader the program to run
     */
    public MboxReader(Commands commands, String name, String reader) {
        this.commands = commands;
        this.name = name;
        this.reader = reader;
    }

    @Override
    public int run(Call call) throws Complaint {
        int moved = exitCode(call.command(Maildir2mbox.NAME, List.of()));
        return moved == ExitCode.SUCCESS ? exitCode(call.command(reader, call.arguments())) : moved;
    }

    private int exitCode(Call command) throws Complaint {
        try {
            return switch (commands.run(command)) {
                case Ending.Exited(int code) -> code;
                case Ending.Killed(int signal) ->
                    throw new Complaint(ExitCode.TEMPORARY, name + ": fatal: " + command.name() + " crashed");
            };
        } catch (CommandNotRun notRun) {
            throw new Complaint(
                    notRun.isTemporary() ? ExitCode.TEMPORARY : ExitCode.PERMANENT,
                    name + ": fatal: unable to run " + command.name() + ": " + notRun.getMessage());
        }
    }
}
