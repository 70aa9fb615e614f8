package org.tawnymail.queue.salvage;

import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/** queue: what an operator does with a queue as a whole, one subcommand for each thing. */
public final class QueueProgram implements Program {

    /** Knows what the address of a local recipient was before it was routed, by the control files. */
    @FunctionalInterface
    public interface Unrouting {

        UnaryOperator<String> by(ControlFiles controls) throws IOException;
    }

    private final Home home;
    private final Unrouting unrouting;

    public QueueProgram(Home home, Unrouting unrouting) {
        this.home = home;
        this.unrouting = unrouting;
    }

    @Override
    public int run(Call call) throws IOException {
        List<String> arguments = call.arguments();
        String subcommand = arguments.isEmpty() ? "" : arguments.getFirst();
        return switch (subcommand) {
            case "salvage" -> new SalvageCommand(home, unrouting).run(call, arguments.subList(1, arguments.size()));
            default -> throw new Complaint(ExitCode.PERMANENT, SalvageCommand.USAGE);
        };
    }
}
