package org.tawnymail.queue.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.program.Timed;
import org.tawnymail.queue.QueueExit;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.door.EnvelopeReader;

/**
 * qmail-queue (core spec, section 2): reads a message from descriptor 0 until its end, then an envelope from descriptor 1,
 * and submits them. It prints nothing; the exit code says everything. It takes no notice of its arguments and environment,
 * of {@code QMAILQUEUE} in particular.
 */
public final class QmailQueue implements Program {

    /** qmail-queue never runs longer than a day. */
    private static final long LONGEST_LIFE_NANOS = Duration.ofDays(1).toNanos();

    private static final int TIMEOUT_CODE = 52;
    private static final int BUFFER = 8 << 10;
    private static final int TEXT_DESCRIPTOR = 6;

    private final QueuePort queue;

    public QmailQueue(QueuePort queue) {
        this.queue = queue;
    }

    @Override
    public int run(Call call) {
        Deadline deadline = new Deadline();
        try (Submission submission = queue.begin(Origin.USER)) {
            copy(deadline.on(call.descriptors().in(0)), submission.message());
            EnvelopeReader envelope =
                    new EnvelopeReader(deadline.on(call.descriptors().in(1)));
            QueueResult result = submission.commit(envelope.sender(), envelope);
            return exitCode(call, result);
        } catch (EnvelopeReader.Unusable unusable) {
            return deadline.isOver() ? TIMEOUT_CODE : unusable.exitCode();
        } catch (SocketTimeoutException late) {
            return TIMEOUT_CODE;
        } catch (IOException e) {
            return QueueExit.READ_ERROR_CODE;
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        int count;
        while ((count = in.read(buffer)) >= 0) {
            out.write(buffer, 0, count);
        }
    }

    /** An answer for which no code stands goes to descriptor 6, if the caller listens there. */
    private static int exitCode(Call call, QueueResult result) throws IOException {
        int code = QueueExit.code(result);
        if (code != QueueExit.OWN_TEXT_CODE || !(result instanceof QueueResult.Refused refused)) {
            return code;
        }
        if (!call.descriptors().isWritable(TEXT_DESCRIPTOR)) {
            return refused.permanent() ? QueueExit.PERMANENT_CODE : ExitCode.TEMPORARY;
        }
        OutputStream out = call.descriptors().out(TEXT_DESCRIPTOR);
        out.write(Octets.of((refused.permanent() ? "D" : "Z") + refused.text()));
        out.flush();
        return code;
    }

    /** What is left of the day. */
    private static final class Deadline {

        private final long begun = System.nanoTime();

        boolean isOver() {
            return left() <= 0;
        }

        private long left() {
            return LONGEST_LIFE_NANOS - (System.nanoTime() - begun);
        }

        /** The stream, limited if it can be. */
        InputStream on(InputStream in) {
            if (in instanceof Timed timed) {
                timed.timeout(Duration.ofNanos(Math.max(1, left())));
            }
            return in;
        }
    }
}
