package org.tawnymail.receive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.program.Timed;
import org.tawnymail.queue.QueueClient;
import org.tawnymail.tcp.OwnAddresses;

/**
 * {@code qmail-smtpd}: receives mail by SMTP on descriptors 0 and 1 (core spec, section 8). One call is one session; one
 * instance serves all of them.
 */
public final class QmailSmtpd implements Program {

    /** The client said QUIT. */
    private static final int QUIT = 0;

    /** Anything else that ends a session (core spec, section 8.9). */
    private static final int BROKEN_OFF = 1;

    private final ControlFiles controls;
    private final RecipientDomains domains;
    private final QueueClient queue;
    private final OwnAddresses ownAddresses;
    private final InstantSource clock;

    /**
     * @param home where the control files are
     * @param queue where mail goes
     * @param ownAddresses which addresses {@code localiphost} stands for
     * @param clock for the {@code Received} field and the number in the last reply
     */
    public QmailSmtpd(Home home, QueueClient queue, OwnAddresses ownAddresses, InstantSource clock) {
        this.controls = home.controls();
        this.domains = new RecipientDomains(controls);
        this.queue = queue;
        this.ownAddresses = ownAddresses;
        this.clock = clock;
    }

    @Override
    public int run(Call call) throws IOException {
        SmtpOutput replies = new SmtpOutput(call.stdout());
        try {
            return session(call, replies).serve() ? QUIT : BROKEN_OFF;
        } catch (UnusableControls | ControlFiles.UnreadableControl unreadable) {
            return lastWord(replies, "421 unable to read controls (#4.3.0)");
        } catch (SocketTimeoutException late) {
            return lastWord(replies, "451 timeout (#4.4.2)");
        } catch (IOException gone) {
            // The client has gone, and cannot be told anything any more.
            return BROKEN_OFF;
        }
    }

    private SmtpSession session(Call call, SmtpOutput replies) throws IOException, UnusableControls {
        SmtpControls settings = SmtpControls.read(controls, call.environment());
        limit(call.stdin(), settings.timeout());
        limit(call.stdout(), settings.timeout());
        return new SmtpSession(
                call,
                settings,
                domains.now(),
                new SmtpInput(call.stdin(), replies),
                replies,
                queue,
                ownAddresses,
                clock);
    }

    private static int lastWord(SmtpOutput replies, String reply) {
        try {
            replies.reply(reply);
            replies.flush();
        } catch (IOException gone) {
            // He did not wait for it.
        }
        return BROKEN_OFF;
    }

    private static void limit(InputStream in, Duration limit) {
        if (in instanceof Timed timed) {
            timed.timeout(limit);
        }
    }

    private static void limit(OutputStream out, Duration limit) {
        if (out instanceof Timed timed) {
            timed.timeout(limit);
        }
    }
}
