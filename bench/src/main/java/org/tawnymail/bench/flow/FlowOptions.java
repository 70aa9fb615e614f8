package org.tawnymail.bench.flow;

import java.net.InetSocketAddress;
import java.util.Set;
import java.util.TreeSet;
import org.tawnymail.bench.BenchOptions;
import org.tawnymail.bench.load.LoadPlan;
import org.tawnymail.bench.site.Site;

/** The options that all measurements of a flow share. */
public final class FlowOptions {

    public static final Set<String> FLAGS = Set.of("kept", "connection-per-message");

    public static final String USAGE = """
            --sessions 100 --messages 20000 --size 5000 --kept | --connection-per-message --rounds 3 --warmup 40000
            """ + Site.USAGE;

    public static Set<String> names() {
        Set<String> names = new TreeSet<>(Set.of("sessions", "messages", "size", "rounds", "warmup"));
        names.addAll(Site.OPTIONS);
        return names;
    }

    /** Complains of what makes no sense, before a server is started in vain. */
    public static void check(BenchOptions options) {
        if (rounds(options) < 1) {
            throw new IllegalArgumentException("rounds: at least 1, not " + rounds(options));
        }
        plan(options, new InetSocketAddress(0), "you@load.test");
    }

    /** One round as the options say. */
    static LoadPlan plan(BenchOptions options, InetSocketAddress server, String recipient) {
        if (options.isSet("kept") && options.isSet("connection-per-message")) {
            throw new IllegalArgumentException("--kept or --connection-per-message, not both");
        }
        return new LoadPlan(
                server,
                options.number("sessions", 100),
                options.number("messages", 20_000),
                options.number("size", 5_000),
                options.isSet("kept"),
                "load@load.test",
                recipient,
                0);
    }

    public static int rounds(BenchOptions options) {
        return options.number("rounds", 3);
    }

    public static int warmUp(BenchOptions options) {
        return options.number("warmup", 40_000);
    }

    /** A plan in words. */
    static String describe(LoadPlan plan) {
        return "%d messages of %d octets a round, %d sessions, %s"
                .formatted(
                        plan.messages(),
                        plan.size(),
                        plan.sessions(),
                        plan.kept() ? "kept connections" : "a connection per message");
    }

    private FlowOptions() {}
}
