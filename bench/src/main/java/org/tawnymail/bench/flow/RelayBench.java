package org.tawnymail.bench.flow;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Set;
import org.tawnymail.bench.BenchOptions;
import org.tawnymail.bench.Measurement;
import org.tawnymail.bench.load.LoadPlan;
import org.tawnymail.bench.load.SmtpSink;
import org.tawnymail.bench.site.Site;
import org.tawnymail.harness.ServerUnderTest;

/** {@code ./tawny bench relay}: in over SMTP, through the queue, out to another host, which is a sink. */
public final class RelayBench implements Measurement {

    private static final int DISK_MEGABYTES = 2048;
    private static final String DOMAIN = "relay.test";

    @Override
    public String name() {
        return "relay";
    }

    @Override
    public String usage() {
        return "in over SMTP, through the queue, out to another host, which is a sink\n" + FlowOptions.USAGE;
    }

    @Override
    public Set<String> flags() {
        return FlowOptions.FLAGS;
    }

    @Override
    public Set<String> options() {
        return FlowOptions.names();
    }

    @Override
    public int run(BenchOptions options, PrintStream out) throws IOException, InterruptedException {
        FlowOptions.check(options);
        try (SmtpSink sink = new SmtpSink(0, SmtpSink.Behaviour.WILLING);
                Site site = Site.open(options, DISK_MEGABYTES);
                ServerUnderTest server = site.start()) {
            site.control("smtproutes", DOMAIN + ":127.0.0.1:" + sink.port() + "\n");
            LoadPlan plan = FlowOptions.plan(options, server.smtp(), "load@" + DOMAIN);
            out.println("disk: " + site.description());
            out.println(FlowOptions.describe(plan));
            Flow flow = new Flow(server, plan, new SinkDestination(sink));
            flow.warmUp(FlowOptions.warmUp(options));
            int connectionsBefore = sink.connections();
            Round median = flow.measure(FlowOptions.rounds(options), out);
            out.printf("connections to the other host: %d%n", sink.connections() - connectionsBefore);
            flow.tellMemory(out);
            return median.isLossless() ? 0 : 1;
        }
    }
}
