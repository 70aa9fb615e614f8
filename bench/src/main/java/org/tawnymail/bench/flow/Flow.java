package org.tawnymail.bench.flow;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.tawnymail.bench.BenchOptions;
import org.tawnymail.bench.load.LoadPlan;
import org.tawnymail.bench.load.LoadResult;
import org.tawnymail.bench.load.SmtpLoad;
import org.tawnymail.harness.ProcessFigures;
import org.tawnymail.harness.ServerUnderTest;

/** Sends messages in rounds, waits each time until the last one has arrived, and tells what it saw. */
public final class Flow {

    private static final Duration BETWEEN_COUNTS = Duration.ofMillis(250);

    /** Who waits longer for a message than this, without seeing any other come, takes it for lost. */
    private static final Duration LONGEST_STILL = Duration.ofSeconds(30);

    private final LoadPlan plan;
    private final Destination destination;
    private final ProcessFigures figures;
    private long nextNumber;

    /**
     * @param server takes mail from nobody else meanwhile
     * @param plan one round
     * @param destination where its messages go
     */
    Flow(ServerUnderTest server, LoadPlan plan, Destination destination) {
        this.plan = plan;
        this.destination = destination;
        this.figures = new ProcessFigures(server.pid());
    }

    /** From the network into the Maildir of a server, as the options of {@link FlowOptions} say. */
    public static Flow inbound(ServerUnderTest server, BenchOptions options) {
        LoadPlan plan = FlowOptions.plan(options, server.smtp(), server.recipient());
        return new Flow(server, plan, new MaildirDestination(server.maildir()));
    }

    /** Lets the server become as fast as it gets; with both kinds of connections. */
    public void warmUp(int messages) throws IOException, InterruptedException {
        if (messages >= 2) {
            round(plan.with(messages / 2, !plan.kept(), nextNumber));
            round(plan.with(messages - messages / 2, plan.kept(), nextNumber));
        }
    }

    /** Several rounds (at least one) as planned, a line for each, and their median. */
    public Round measure(int rounds, PrintStream out) throws IOException, InterruptedException {
        List<Round> measured = new ArrayList<>();
        out.println(Round.HEADING);
        for (int i = 1; i <= rounds; i++) {
            measured.add(round(plan.with(plan.messages(), plan.kept(), nextNumber)));
            out.println(measured.getLast().line(Integer.toString(i)));
        }
        Round median = Round.median(measured);
        out.println(median.line("median"));
        return median;
    }

    void tellMemory(PrintStream out) throws IOException {
        out.printf("peak resident memory of the server: %d MB%n", figures.peakResident() >> 20);
    }

    /** Sends a plan, waits until everything has arrived, and clears the destination for the next one. */
    Round round(LoadPlan itsPlan) throws IOException, InterruptedException {
        nextNumber += itsPlan.messages();
        Duration cpuBefore = figures.cpu();
        Instant start = Instant.now();
        LoadResult result = new SmtpLoad(itsPlan).run();
        int delivered = await(result.acknowledged());
        Duration cpu = figures.cpu().minus(cpuBefore);
        double untilDelivered =
                Math.max(1e-3, Duration.between(start, destination.last()).toNanos() / 1e9);
        destination.clear();
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

    /** Waits until so many messages are there; how many there are: fewer if nothing moved any more. */
    private int await(int wanted) throws IOException, InterruptedException {
        int last = destination.count();
        long lastMove = System.nanoTime();
        while (last < wanted && System.nanoTime() - lastMove < LONGEST_STILL.toNanos()) {
            Thread.sleep(BETWEEN_COUNTS);
            int now = destination.count();
            if (now != last) {
                last = now;
                lastMove = System.nanoTime();
            }
        }
        return last;
    }
}
