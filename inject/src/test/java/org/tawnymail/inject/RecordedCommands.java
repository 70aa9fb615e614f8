package org.tawnymail.inject;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.Environment;

/** Commands that are not run but remembered, with what stood on their descriptor 0. */
final class RecordedCommands implements Commands {

    final List<Call> calls = new ArrayList<>();
    final List<String> inputs = new ArrayList<>();
    private final Optional<Ending> ending;

    private RecordedCommands(Optional<Ending> ending) {
        this.ending = ending;
    }

    static RecordedCommands thatExit(int code) {
        return new RecordedCommands(Optional.of(new Ending.Exited(code)));
    }

    static RecordedCommands thatEnd(Ending ending) {
        return new RecordedCommands(Optional.of(ending));
    }

    static RecordedCommands thatCannotRun() {
        return new RecordedCommands(Optional.empty());
    }

    @Override
    public Running start(Call call) throws CommandNotRun {
        if (ending.isEmpty()) {
            throw new CommandNotRun("file does not exist", false);
        }
        calls.add(call);
        try {
            inputs.add(
                    call.descriptors().isReadable(0) ? Octets.text(call.stdin().readAllBytes()) : "");
        } catch (java.io.IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
        return new Running() {
            @Override
            public long pid() {
                return call.pid();
            }

            @Override
            public Ending await() {
                return ending.get();
            }

            @Override
            public void kill() {}
        };
    }

    @Override
    public Running start(Call call, Identity identity) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOurs(String name, Environment environment) {
        return true;
    }
}
