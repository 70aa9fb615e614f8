package org.tawnymail.remote;

import java.io.IOException;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;

/** Commands of which qmail-remote is ours and any other is one given program, or cannot be run. */
final class OurCommands implements Commands {

    private final Program other;

    OurCommands(Program other) {
        this.other = other;
    }

    @Override
    public Running start(Call call) throws CommandNotRun {
        Ending ending;
        try {
            int code = other.run(call);
            ending = code < 0 ? new Ending.Killed(-code) : new Ending.Exited(code);
        } catch (CommandNotRun notRun) {
            throw notRun;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new Running() {
            @Override
            public long pid() {
                return call.pid();
            }

            @Override
            public Ending await() {
                return ending;
            }

            @Override
            public void kill() {}
        };
    }

    @Override
    public Running start(Call call, Identity identity) throws CommandNotRun {
        return start(call);
    }

    @Override
    public boolean isOurs(String name, Environment environment) {
        return name.equals("qmail-remote") || name.endsWith("/bin/qmail-remote");
    }
}
