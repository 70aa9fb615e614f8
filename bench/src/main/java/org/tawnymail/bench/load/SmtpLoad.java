package org.tawnymail.bench.load;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * Sends messages to an SMTP server as fast as it takes them, over any number of connections at the same time, and tells how
 * many were acknowledged and how long that took. Each message has an id of its own: {@code Message-ID:
 * <load.NUMBER@load.test>}.
 */
public final class SmtpLoad {

    private final LoadPlan plan;

    public SmtpLoad(LoadPlan plan) {
        this.plan = plan;
    }

    /** Sends everything, on the calling thread, which should be a platform thread. */
    public LoadResult run() throws IOException {
        LoadLoop loop = new LoadLoop(plan);
        long cpuBefore = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long start = System.nanoTime();
        long[] nanos = loop.run();
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuBefore;
        return new LoadResult(nanos, loop.errors(), elapsed, Duration.ofNanos(Math.max(0, cpu)));
    }
}
