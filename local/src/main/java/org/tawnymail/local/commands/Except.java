package org.tawnymail.local.commands;

import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/** {@code except program [arg ...]}: says yes where the program says no, and no (100) where it says yes. */
public final class Except implements Program {

    private final Commands commands;

    public Except(Commands commands) {
        this.commands = commands;
    }

    @Override
    public int run(Call call) throws Complaint {
        if (call.arguments().isEmpty()) {
            throw new Complaint(ExitCode.PERMANENT, "except: usage: except program [ arg ... ]");
        }
        return Condition.holds(commands, call, "except", call.arguments()) ? ExitCode.PERMANENT : ExitCode.SUCCESS;
    }
}
