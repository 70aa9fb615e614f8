package org.tawnymail.bench.flow;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.tawnymail.bench.load.LoadPlan;
import org.tawnymail.bench.load.SmtpLoad;

/**
 * How soon a message is in the Maildir after its 250, on a server that has nothing else to do. The folder is looked at five
 * times a millisecond, which is how exact the figure is.
 */
final class IdleDelivery {

    private static final int MESSAGES = 100;
    private static final Duration BETWEEN_MESSAGES = Duration.ofMillis(50);
    private static final Duration BETWEEN_LOOKS = Duration.ofNanos(200_000);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final LoadPlan plan;
    private final Destination destination;

    IdleDelivery(LoadPlan plan, Destination destination) {
        this.plan = new LoadPlan(plan.server(), 1, 1, plan.size(), true, plan.sender(), plan.recipient(), 0);
        this.destination = destination;
    }

    /** Sends one message after the other and prints the times from 250 to the Maildir. */
    void measure(PrintStream out) throws IOException, InterruptedException {
        long[] nanos = new long[MESSAGES];
        for (int i = 0; i < MESSAGES; i++) {
            Thread.sleep(BETWEEN_MESSAGES);
            new SmtpLoad(plan).run();
            nanos[i] = await(i + 1);
        }
        destination.clear();
        Arrays.sort(nanos);
        out.printf(
                "idle server, from 250 to the Maildir, ms: 50 %% %.1f, 99 %% %.1f, 100 %% %.1f (%d messages)%n",
                nanos[MESSAGES / 2] / 1e6, nanos[MESSAGES - 2] / 1e6, nanos[MESSAGES - 1] / 1e6, MESSAGES);
    }

    private long await(int wanted) throws IOException {
        long acknowledged = System.nanoTime();
        while (destination.count() < wanted) {
            if (System.nanoTime() - acknowledged > LONGEST.toNanos()) {
                throw new IOException("a message did not arrive within " + LONGEST.toSeconds() + " s");
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
        return System.nanoTime() - acknowledged;
    }
}
