package org.tawnymail.bench.load;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.Set;
import org.tawnymail.bench.BenchOptions;
import org.tawnymail.bench.Measurement;

/** {@code ./tawny bench load}: sends to a server that runs. */
public final class LoadCommand implements Measurement {

    @Override
    public String name() {
        return "load";
    }

    @Override
    public String usage() {
        return """
                sends to a server that runs
                --host 127.0.0.1 --port 2525 --recipient ADDRESS --sender ADDRESS
                --sessions 100 --messages 20000 --size 5000 --kept
                """;
    }

    @Override
    public Set<String> flags() {
        return Set.of("kept");
    }

    @Override
    public Set<String> options() {
        return Set.of("host", "port", "recipient", "sender", "sessions", "messages", "size");
    }

    @Override
    public int run(BenchOptions options, PrintStream out) throws IOException {
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
