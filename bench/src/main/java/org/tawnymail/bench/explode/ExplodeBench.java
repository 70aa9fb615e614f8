package org.tawnymail.bench.explode;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.tawnymail.bench.BenchOptions;
import org.tawnymail.bench.Measurement;
import org.tawnymail.bench.load.SmtpSink;
import org.tawnymail.bench.site.Site;
import org.tawnymail.harness.ProcessFigures;
import org.tawnymail.harness.ServerUnderTest;

/**
 * {@code ./tawny bench explode}: one message to many recipients at many domains. Each domain is a host of its own, on an
 * address of its own; the recipients come in turns, so that neighbours in the envelope never share a host.
 */
public final class ExplodeBench implements Measurement {

    private static final int DISK_MEGABYTES = 2048;

    /** 127.0.1.1 and the following. */
    private static final int MOST_DOMAINS = 250;

    private static final Duration LONGEST_STILL = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);
    private static final String SENDER = "list-owner@load.test";

    @Override
    public String name() {
        return "explode";
    }

    @Override
    public String usage() {
        return """
                one message to many recipients at many domains, to a sink
                --recipients 10000 --domains 200 --size 5000 --rounds 5 --warmup 5 (messages)
                --share 1 (recipients of one host in one transaction: control maxrcptremote)
                """ + Site.USAGE;
    }

    @Override
    public Set<String> flags() {
        return Set.of();
    }

    @Override
    public Set<String> options() {
        Set<String> names = new TreeSet<>(Set.of("recipients", "domains", "size", "rounds", "warmup", "share"));
        names.addAll(Site.OPTIONS);
        return names;
    }

    @Override
    public int run(BenchOptions options, PrintStream out) throws IOException, InterruptedException {
        int domains = options.number("domains", 200);
        int recipients = options.number("recipients", 10_000);
        int rounds = options.number("rounds", 5);
        if (domains < 1 || domains > MOST_DOMAINS || recipients < domains || rounds < 1) {
            throw new IllegalArgumentException(
                    "1 to " + MOST_DOMAINS + " domains, at least as many recipients, at least one round");
        }
        int share = options.number("share", 1);
        try (SmtpSink sink = new SmtpSink(addresses(domains), 0, SmtpSink.Behaviour.WILLING);
                Site site = Site.open(options, DISK_MEGABYTES)) {
            site.makeHome();
            site.control("smtproutes", routes(domains, sink.port()));
            site.control("maxrcptremote", share + "\n");
            out.println("disk: " + site.description());
            out.printf(
                    "%d recipients at %d domains, up to %d of a host in one transaction%n", recipients, domains, share);
            ManyRecipients message = new ManyRecipients(envelope(recipients, domains), options.number("size", 5_000));
            try (ServerUnderTest server = site.start()) {
                ProcessFigures figures = new ProcessFigures(server.pid());
                out.println(Explosion.HEADING);
                for (int i = 1; i <= options.number("warmup", 5); i++) {
                    out.println(
                            explode(message, recipients, server, sink, figures).line("warm-up " + i));
                }
                Explosion median = measure(message, recipients, rounds, server, sink, figures, out);
                out.printf("peak resident memory of the server: %d MB%n", figures.peakResident() >> 20);
                return median.missing() == 0 ? 0 : 1;
            }
        }
    }

    private static Explosion measure(
            ManyRecipients message,
            int recipients,
            int rounds,
            ServerUnderTest server,
            SmtpSink sink,
            ProcessFigures figures,
            PrintStream out)
            throws IOException {
        List<Explosion> measured = new ArrayList<>();
        for (int i = 1; i <= rounds; i++) {
            measured.add(explode(message, recipients, server, sink, figures));
            out.println(measured.getLast().line(Integer.toString(i)));
        }
        Explosion median = Explosion.median(measured);
        out.println(median.line("median"));
        return median;
    }

    private static Explosion explode(
            ManyRecipients message, int recipients, ServerUnderTest server, SmtpSink sink, ProcessFigures figures)
            throws IOException {
        int recipientsBefore = sink.recipients();
        int transactionsBefore = sink.messages();
        int connectionsBefore = sink.connections();
        Duration cpuBefore = figures.cpu();
        long start = System.nanoTime();
        long acknowledged = message.send(server.smtp(), SENDER);
        while (sink.recipients() < recipientsBefore + recipients
                && System.nanoTime() - Math.max(acknowledged, sink.lastTaken()) < LONGEST_STILL.toNanos()) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
        int taken = sink.recipients() - recipientsBefore;
        Duration cpu = figures.cpu().minus(cpuBefore);
        return new Explosion(
                taken,
                Math.max(0, recipients - taken),
                Duration.ofNanos(acknowledged - start),
                taken / Math.max(1e-3, (sink.lastTaken() - acknowledged) / 1e9),
                sink.messages() - transactionsBefore,
                sink.connections() - connectionsBefore,
                cpu.toMillis() / 1e3 / (Math.max(1, taken) / 1e3));
    }

    private static List<InetAddress> addresses(int domains) {
        List<InetAddress> addresses = new ArrayList<>();
        for (int i = 1; i <= domains; i++) {
            addresses.add(InetAddress.ofLiteral("127.0.1." + i));
        }
        return addresses;
    }

    private static String domain(int number) {
        return "d" + number + ".explode.test";
    }

    private static String routes(int domains, int port) {
        StringBuilder routes = new StringBuilder();
        for (int i = 1; i <= domains; i++) {
            routes.append(domain(i) + ":127.0.1." + i + ":" + port + "\n");
        }
        return routes.toString();
    }

    private static List<String> envelope(int recipients, int domains) {
        List<String> envelope = new ArrayList<>(recipients);
        for (int i = 0; i < recipients; i++) {
            envelope.add("reader" + i + "@" + domain(1 + i % domains));
        }
        return envelope;
    }
}
