package org.tawnymail.bench.backlog;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.tawnymail.bench.BenchOptions;
import org.tawnymail.bench.Measurement;
import org.tawnymail.bench.flow.Flow;
import org.tawnymail.bench.flow.FlowOptions;
import org.tawnymail.bench.flow.Round;
import org.tawnymail.bench.site.Site;
import org.tawnymail.harness.ProcessFigures;
import org.tawnymail.harness.ServerUnderTest;

/** {@code ./tawny bench backlog}: the rates of {@code inbound} with more and more messages waiting in the queue. */
public final class BacklogBench implements Measurement {

    private static final int DISK_MEGABYTES = 16_384;
    private static final String WAITING = "0,100000,1000000";
    private static final String HEADING =
            "waiting    start s   accepted/s  of empty  delivered/s  of empty   live heap MB  peak RSS MB";

    @Override
    public String name() {
        return "backlog";
    }

    @Override
    public String usage() {
        return "the rates of inbound with messages waiting in the queue, the heap they take, the time to start\n"
                + "--waiting " + WAITING + " --heap 512m\n" + FlowOptions.USAGE;
    }

    @Override
    public Set<String> flags() {
        return FlowOptions.FLAGS;
    }

    @Override
    public Set<String> options() {
        Set<String> names = new TreeSet<>(Set.of("waiting", "heap"));
        names.addAll(FlowOptions.names());
        return names;
    }

    @Override
    public int run(BenchOptions options, PrintStream out) throws IOException, InterruptedException {
        FlowOptions.check(options);
        List<Integer> sizes = sizes(options.text("waiting", WAITING));
        Map<String, String> environment = Map.of("TAWNY_HEAP", options.text("heap", "512m"));
        try (Site site = Site.open(options, DISK_MEGABYTES)) {
            site.makeHome();
            out.println("disk: " + site.description());
            out.println("heap of the server: at most " + environment.get("TAWNY_HEAP"));
            WaitingMail mail = new WaitingMail(site.home().resolve("queue"), options.number("size", 5_000));
            out.println(HEADING);
            int waiting = 0;
            Row first = null;
            boolean lossless = true;
            for (int size : sizes) {
                mail.add(size - waiting);
                waiting = size;
                Row row = row(site, environment, options, waiting);
                first = first == null ? row : first;
                out.println(row.line(first));
                lossless &= row.rates.isLossless();
            }
            return lossless ? 0 : 1;
        }
    }

    private record Row(int waiting, double startSeconds, Round rates, long liveHeap, long peakResident) {

        String line(Row empty) {
            return "%-9d %8.1f  %11.0f  %6.0f %%  %11.0f  %6.0f %%  %13d  %11d"
                    .formatted(
                            waiting,
                            startSeconds,
                            rates.acceptedPerSecond(),
                            100 * rates.acceptedPerSecond() / empty.rates.acceptedPerSecond(),
                            rates.deliveredPerSecond(),
                            100 * rates.deliveredPerSecond() / empty.rates.deliveredPerSecond(),
                            liveHeap >> 20,
                            peakResident >> 20);
        }
    }

    private static Row row(Site site, Map<String, String> environment, BenchOptions options, int waiting)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (ServerUnderTest server = site.start(environment)) {
            double startSeconds = (System.nanoTime() - start) / 1e9;
            Flow flow = Flow.inbound(server, options);
            flow.warmUp(FlowOptions.warmUp(options));
            Round rates = flow.measure(FlowOptions.rounds(options), silent());
            ProcessFigures figures = new ProcessFigures(server.pid());
            return new Row(waiting, startSeconds, rates, LiveHeap.of(server.pid()), figures.peakResident());
        }
    }

    private static PrintStream silent() {
        return new PrintStream(java.io.OutputStream.nullOutputStream());
    }

    private static List<Integer> sizes(String text) {
        List<Integer> sizes = Stream.of(text.split(",", -1))
                .map(size -> BenchOptions.parse("waiting", size))
                .toList();
        if (sizes.isEmpty() || !sizes.equals(sizes.stream().sorted().toList())) {
            throw new IllegalArgumentException("--waiting: numbers, ascending, with commas between them");
        }
        return sizes;
    }
}
