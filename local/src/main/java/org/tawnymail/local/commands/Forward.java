package org.tawnymail.local.commands;

import java.io.IOException;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.queue.QueueClient;

/** {@code forward address ...}: sends the message on to all addresses, in one submission. */
public final class Forward implements Program {

    private final Resubmission resubmission;

    public Forward(QueueClient queue) {
        this.resubmission = new Resubmission(queue, "forward");
    }

    @Override
    public int run(Call call) throws IOException {
        String sender = resubmission.variable(call, "NEWSENDER");
        String deliveredTo = resubmission.variable(call, "DTLINE");
        resubmission.submit(call, deliveredTo, sender, call.arguments());
        return ExitCode.SUCCESS;
    }
}
