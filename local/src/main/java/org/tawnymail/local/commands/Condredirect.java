package org.tawnymail.local.commands;

import java.io.IOException;
import java.util.List;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.program.SeekableInput;
import org.tawnymail.queue.QueueClient;

/**
 * {@code condredirect newaddress program [arg ...]}: sends the message on, and lets nothing follow, if the program says
 * yes. It goes on with its own sender, not with the owner of a list.
 */
public final class Condredirect implements Program {

    private static final String NAME = "condredirect";

    private final Commands commands;
    private final Resubmission resubmission;

    public Condredirect(Commands commands, QueueClient queue) {
        this.commands = commands;
        this.resubmission = new Resubmission(queue, NAME);
    }

    @Override
    public int run(Call call) throws IOException {
        List<String> arguments = call.arguments();
        if (arguments.size() < 2) {
            throw new Complaint(ExitCode.PERMANENT, "condredirect: usage: condredirect newaddress program [ arg ... ]");
        }
        String sender = resubmission.variable(call, "SENDER");
        String deliveredTo = resubmission.variable(call, "DTLINE");
        if (!Condition.holds(commands, call, NAME, arguments.subList(1, arguments.size()))) {
            return ExitCode.SUCCESS;
        }
        rewind(call);
        resubmission.submit(call, deliveredTo, sender, List.of(arguments.getFirst()));
        return ExitCode.STOP;
    }

    private static void rewind(Call call) throws IOException {
        try {
            if (!(call.stdin() instanceof SeekableInput input)) {
                throw new IOException(Errno.ESPIPE.text());
            }
            input.rewind();
        } catch (IOException e) {
            throw new Complaint(ExitCode.TEMPORARY, "condredirect: fatal: unable to rewind: " + Errno.text(e));
        }
    }
}
