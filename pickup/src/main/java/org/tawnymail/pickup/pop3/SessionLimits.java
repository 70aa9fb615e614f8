package org.tawnymail.pickup.pop3;

import java.io.IOException;
import java.time.Duration;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Timed;

/** The time limit that both POP3 programs set on the network (core spec, section 14.1, "POP idle"). */
final class SessionLimits {

    /** How long one read or one write may take: 1200 seconds. */
    static final Duration IDLE = Duration.ofMinutes(20);

    /** Sets the limit on descriptors 0 and 1, if they are connections. */
    static void set(Call call) throws IOException {
        if (call.stdin() instanceof Timed in) {
            in.timeout(IDLE);
        }
        if (call.stdout() instanceof Timed out) {
            out.timeout(IDLE);
        }
    }

    private SessionLimits() {}
}
