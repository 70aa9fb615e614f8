package org.tawnymail.bench.flow;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Set;
import org.tawnymail.bench.BenchOptions;
import org.tawnymail.bench.Measurement;
import org.tawnymail.bench.load.LoadPlan;
import org.tawnymail.bench.site.Site;
import org.tawnymail.harness.ServerUnderTest;

/**
 * {@code ./tawny bench inbound}: from the network into the Maildir, in rounds, with their medians; then one message at a time
 * on the idle server.
 */
public final class InboundBench implements Measurement {

    private static final int DISK_MEGABYTES = 4096;

    @Override
    public String name() {
        return "inbound";
    }

    @Override
    public String usage() {
        return "from the network into the Maildir, on a server and a journaled disk of its own\n" + FlowOptions.USAGE;
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
        try (Site site = Site.open(options, DISK_MEGABYTES);
                ServerUnderTest server = site.start()) {
            LoadPlan plan = FlowOptions.plan(options, server.smtp(), server.recipient());
            out.println("disk: " + site.description());
            out.println(FlowOptions.describe(plan));
            Flow flow = new Flow(server, plan, new MaildirDestination(server.maildir()));
            flow.warmUp(FlowOptions.warmUp(options));
            Round median = flow.measure(FlowOptions.rounds(options), out);
            new IdleDelivery(plan, new MaildirDestination(server.maildir())).measure(out);
            flow.tellMemory(out);
            return median.isLossless() ? 0 : 1;
        }
    }
}
