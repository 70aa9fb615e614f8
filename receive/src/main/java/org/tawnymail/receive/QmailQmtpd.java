package org.tawnymail.receive;

import java.io.IOException;
import java.time.InstantSource;
import java.util.OptionalLong;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.queue.QueueClient;

/**
 * {@code qmail-qmtpd}: receives mail by QMTP on descriptors 0 and 1 (core spec, section 9.2). One call is one session; one
 * instance serves all of them.
 */
public final class QmailQmtpd implements Program {

    private final ControlFiles controls;
    private final RecipientDomains domains;
    private final QueueClient queue;
    private final InstantSource clock;

    /**
     * @param home where the control files are
     * @param queue where mail goes
     * @param clock for the {@code Received} field and the number in an answer
     */
    public QmailQmtpd(Home home, QueueClient queue, InstantSource clock) {
        this.controls = home.controls();
        this.domains = new RecipientDomains(controls);
        this.queue = queue;
        this.clock = clock;
    }

    @Override
    public int run(Call call) throws IOException {
        RecipientDomains.Allowed allowed;
        OptionalLong sizeLimit;
        try {
            allowed = domains.now();
            sizeLimit = SizeLimit.read(controls, call.environment());
        } catch (ControlFiles.UnreadableControl unreadable) {
            throw new Complaint(ExitCode.TEMPORARY, "qmail-qmtpd: fatal: " + unreadable.getMessage());
        }
        NetstringPeer peer = new NetstringPeer(call.stdin(), call.stdout());
        QmtpPackages packages = new QmtpPackages(peer, call, allowed, sizeLimit, queue, clock);
        return NetstringSession.run(peer, packages::serve);
    }
}
