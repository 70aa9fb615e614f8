package org.tawnymail.pickup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;

/** Commands that know a few programs and nothing else; they remember who was to run them. */
public final class ProgramsInside implements Commands {

    /** A command that dies of signal 9. */
    public static final String CRASHING = "crashing";

    private final Map<String, Program> programs = new HashMap<>();
    private final List<Identity> identities = new ArrayList<>();

    public ProgramsInside with(String name, Program program) {
        programs.put(name, program);
        return this;
    }

    /** As whom commands were started. */
    public List<Identity> identities() {
        return identities;
    }

    @Override
    public Running start(Call call, Identity identity) throws CommandNotRun {
        identities.add(identity);
        return start(call);
    }

    @Override
    public Running start(Call call) throws CommandNotRun {
        Program program = programs.get(call.name());
        if (program == null && !call.name().equals(CRASHING)) {
            throw new CommandNotRun("file does not exist", false);
        }
        return new Running() {
            @Override
            public long pid() {
                return call.pid();
            }

            @Override
            public Ending await() {
                if (program == null) {
                    return new Ending.Killed(9);
                }
                try {
                    return new Ending.Exited(program.run(call));
                } catch (IOException broken) {
                    return new Ending.Exited(111);
                }
            }

            @Override
            public void kill() {}
        };
    }

    @Override
    public boolean isOurs(String name, Environment environment) {
        return programs.containsKey(name);
    }
}
