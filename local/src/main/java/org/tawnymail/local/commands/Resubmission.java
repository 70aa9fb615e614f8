package org.tawnymail.local.commands;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.queue.QueueClient;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;

/** Puts the message of a delivery, with the Delivered-To line that shows loops, into the queue once more. */
final class Resubmission {

    private static final int BUFFER = 8 * 1024;

    /** The account whose forwards are {@code by alias} (core spec, section 2.4). */
    private static final String ALIAS = "alias";

    private final QueueClient queue;
    private final String program;

    /** @param program whose name its complaints begin with */
    Resubmission(QueueClient queue, String program) {
        this.queue = queue;
        this.program = program;
    }

    /** A variable that qmail-local sets. */
    String variable(Call call, String name) throws Complaint {
        return call.environment()
                .get(name)
                .orElseThrow(() -> new Complaint(ExitCode.PERMANENT, program + ": fatal: " + name + " not set"));
    }

    /** Submits what descriptor 0 still holds, and says so on descriptor 2. */
    void submit(Call call, String deliveredTo, String sender, List<String> addresses) throws IOException {
        boolean byAlias = call.environment().get("USER").filter(ALIAS::equals).isPresent();
        try (Submission submission = queue.begin(call, byAlias ? Origin.ALIAS : Origin.USER)) {
            OutputStream out = submission.message();
            out.write(Octets.of(deliveredTo));
            copy(call, out);
            out.close();
            switch (submission.commit(sender, addresses)) {
                case QueueResult.Accepted(long qp) -> call.complain(program + ": qp " + qp);
                case QueueResult.Refused(boolean permanent, String text) ->
                    throw new Complaint(
                            permanent ? ExitCode.PERMANENT : ExitCode.TEMPORARY, program + ": fatal: " + text);
            }
        }
    }

    private void copy(Call call, OutputStream out) throws IOException {
        try {
            InputStream in = call.stdin();
            byte[] buffer = new byte[BUFFER];
            int read = in.read(buffer);
            while (read >= 0) {
                out.write(buffer, 0, read);
                read = in.read(buffer);
            }
        } catch (IOException e) {
            throw new Complaint(ExitCode.TEMPORARY, program + ": fatal: unable to read message: " + Errno.text(e));
        }
    }
}
