package org.tawnymail.bench.load;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.tawnymail.bench.BenchOptions;

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

    /** {@code ./tawny bench load --port 2525 --recipient NAME@DOMAIN ...} */
    public static int run(BenchOptions options, PrintStream out) throws IOException {
        LoadPlan plan = new LoadPlan(
                new InetSocketAddress(options.text("host", "127.0.0.1"), options.number("port", 2525)),
                options.number("sessions", 100),
                options.number("messages", 20_000),
                options.number("size", 5_000),
                options.isSet("kept"),
                options.text("sender", "load@load.test"),
                options.text("recipient", "sink@load.test"),
                0);
        LoadResult result = new SmtpLoad(plan).run();
        out.printf(
                "%d acknowledged, %d failed, %.0f a second%n",
                result.acknowledged(), result.failed(), result.perSecond());
        out.printf(
                "latency ms: 50 %% %.1f, 90 %% %.1f, 99 %% %.1f, 100 %% %.1f%n",
                millis(result, 50), millis(result, 90), millis(result, 99), millis(result, 100));
        out.printf("%.0f µs of processor time a message (this client)%n", result.cpuMicrosPerMessage());
        for (String error : result.errors()) {
            out.println("failed: " + error);
        }
        return result.failed() == 0 ? 0 : 1;
    }

    private static double millis(LoadResult result, double percent) {
        return result.percentile(percent).toNanos() / 1e6;
    }
}
