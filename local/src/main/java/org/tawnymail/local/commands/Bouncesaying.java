package org.tawnymail.local.commands;

import java.util.List;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/** {@code bouncesaying error [program [arg ...]]}: bounces the message with this text, if the program says so. */
public final class Bouncesaying implements Program {

    private static final String NAME = "bouncesaying";

    private final Commands commands;

    public Bouncesaying(Commands commands) {
        this.commands = commands;
    }

    @Override
    public int run(Call call) throws Complaint {
        List<String> arguments = call.arguments();
        if (arguments.isEmpty()) {
            throw new Complaint(ExitCode.PERMANENT, "bouncesaying: usage: bouncesaying error [ program [ arg ... ] ]");
        }
        List<String> commandLine = arguments.subList(1, arguments.size());
        if (commandLine.isEmpty() || Condition.holds(commands, call, NAME, commandLine)) {
            throw new Complaint(ExitCode.PERMANENT, arguments.getFirst());
        }
        return ExitCode.SUCCESS;
    }
}
