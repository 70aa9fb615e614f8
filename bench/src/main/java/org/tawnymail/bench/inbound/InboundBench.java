package org.tawnymail.bench.inbound;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.tawnymail.bench.BenchOptions;
import org.tawnymail.bench.load.LoadPlan;
import org.tawnymail.bench.load.LoadResult;
import org.tawnymail.bench.load.SmtpLoad;
import org.tawnymail.harness.LoopDisk;
import org.tawnymail.harness.ProcessFigures;
import org.tawnymail.harness.ServeProcess;
import org.tawnymail.harness.ServerUnderTest;

/** {@code ./tawny bench inbound}: from the network into the Maildir, in rounds, with their medians. */
public final class InboundBench {

    /** Options without a value. */
    public static final Set<String> FLAGS = Set.of("kept", "connection-per-message");

    /** Options with one. */
    public static final Set<String> OPTIONS =
            Set.of("sessions", "messages", "size", "rounds", "warmup", "server-command", "directory", "disk-megabytes");

    /** Set by the launcher: where {@code ./tawny} is. */
    private static final String LAUNCHER = "tawny.launcher";

    private static final Duration LONGEST_STILL = Duration.ofSeconds(30);

    private final LoadPlan plan;
    private final Arrivals arrivals;
    private final ProcessFigures figures;
    private long nextNumber;

    /**
     * @param server takes mail from nobody else meanwhile
     * @param plan one round
     */
    public InboundBench(ServerUnderTest server, LoadPlan plan) {
        this.plan = plan;
        this.arrivals = new Arrivals(server.maildir());
        this.figures = new ProcessFigures(server.pid());
    }

    /** Runs it as the options say. */
    public static int run(BenchOptions options, PrintStream out) throws IOException, InterruptedException {
        if (options.isSet("kept") && options.isSet("connection-per-message")) {
            throw new IllegalArgumentException("--kept or --connection-per-message, not both");
        }
        String directory = options.text("directory", "");
        if (!directory.isEmpty()) {
            Path path = Files.createDirectories(Path.of(directory).toAbsolutePath());
            return run(options, path, "directory " + path, out);
        }
        try (LoopDisk disk = LoopDisk.create(options.number("disk-megabytes", 4096))) {
            return run(options, disk.path(), disk.description(), out);
        }
    }

    private static int run(BenchOptions options, Path disk, String description, PrintStream out)
            throws IOException, InterruptedException {
        String launcher = System.getProperty(LAUNCHER, "./tawny");
        List<String> command =
                List.of(options.text("server-command", launcher + " serve").split(" +"));
        Path output = Files.createTempFile("tawny-serve", ".log");
        try (ServerUnderTest server = ServeProcess.start(command, disk.resolve("home"), output)) {
            LoadPlan plan = new LoadPlan(
                    server.smtp(),
                    options.number("sessions", 100),
                    options.number("messages", 20_000),
                    options.number("size", 5_000),
                    options.isSet("kept"),
                    "load@load.test",
                    server.recipient(),
                    0);
            out.println("disk: " + description);
            out.printf(
                    "%d messages of %d octets a round, %d sessions, %s%n",
                    plan.messages(),
                    plan.size(),
                    plan.sessions(),
                    plan.kept() ? "kept connections" : "a connection per message");
            InboundBench bench = new InboundBench(server, plan);
            bench.warmUp(options.number("warmup", 40_000));
            int exitCode = bench.measure(options.number("rounds", 3), out);
            Files.delete(output);
            return exitCode;
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "\n(what the server printed: " + output + ")", e);
        }
    }

    /** Lets the server become as fast as it gets; with both kinds of connections. */
    void warmUp(int messages) throws IOException, InterruptedException {
        if (messages >= 2) {
            round(plan.with(messages / 2, !plan.kept(), nextNumber));
            round(plan.with(messages - messages / 2, plan.kept(), nextNumber));
        }
    }

    private int measure(int rounds, PrintStream out) throws IOException, InterruptedException {
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds: at least 1, not " + rounds);
        }
        List<Round> measured = new ArrayList<>();
        out.println(Round.HEADING);
        for (int i = 1; i <= rounds; i++) {
            measured.add(round(plan.with(plan.messages(), plan.kept(), nextNumber)));
            out.println(measured.getLast().line(Integer.toString(i)));
        }
        Round median = Round.median(measured);
        out.println(median.line("median"));
        out.printf("peak resident memory of the server: %d MB%n", figures.peakResident() >> 20);
        return median.failed() == 0 && median.missing() == 0 ? 0 : 1;
    }

    /** Sends a plan, waits until everything has arrived, and clears the Maildir for the next one. */
    Round round(LoadPlan itsPlan) throws IOException, InterruptedException {
        nextNumber += itsPlan.messages();
        Duration cpuBefore = figures.cpu();
        Instant start = Instant.now();
        LoadResult result = new SmtpLoad(itsPlan).run();
        int delivered = arrivals.await(result.acknowledged(), LONGEST_STILL);
        Duration cpu = figures.cpu().minus(cpuBefore);
        double untilDelivered =
                Math.max(1e-3, Duration.between(start, arrivals.last()).toNanos() / 1e9);
        arrivals.clear();
        for (String error : result.errors()) {
            System.err.println("bench: warning: a message was not taken: " + error);
        }
        double thousands = Math.max(1, result.acknowledged()) / 1e3;
        return new Round(
                result.acknowledged(),
                result.failed(),
                delivered,
                result.perSecond(),
                delivered / untilDelivered,
                result.percentile(50),
                result.percentile(99),
                cpu.toMillis() / 1e3 / thousands,
                result.cpu().toNanos() / 1e9 / thousands);
    }
}
