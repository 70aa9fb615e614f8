package org.tawnymail.send;

import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Environment;

/** No outside command can be run. */
public final class NoCommands implements Commands {

    @Override
    public Running start(Call call) throws CommandNotRun {
        throw new CommandNotRun("file does not exist", false);
    }

    @Override
    public Running start(Call call, Identity identity) throws CommandNotRun {
        return start(call);
    }

    @Override
    public boolean isOurs(String name, Environment environment) {
        return false;
    }
}
