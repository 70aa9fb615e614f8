package org.tawnymail.bench.oneshot;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.tawnymail.bench.BenchOptions;
import org.tawnymail.bench.Measurement;
import org.tawnymail.bench.site.Site;
import org.tawnymail.harness.ServerUnderTest;

/** {@code ./tawny bench oneshot}: {@code bin/qmail-inject}, {@code bin/sendmail} and {@code bin/forward}, many times each. */
public final class OneshotBench implements Measurement {

    private static final int DISK_MEGABYTES = 512;
    private static final int WARM_UP = 5;
    private static final Duration LONGEST_RUN = Duration.ofMinutes(1);
    private static final String HEADING = "program        runs   median ms     min ms    99 % ms     max ms   failed";

    /** A program, its arguments, and what its environment has besides the home. */
    private record Kind(String program, List<String> arguments, Map<String, String> environment) {}

    @Override
    public String name() {
        return "oneshot";
    }

    @Override
    public String usage() {
        return "programs that live for one message: bin/qmail-inject, bin/sendmail, bin/forward\n"
                + "--runs 200 --size 5000\n" + Site.USAGE;
    }

    @Override
    public Set<String> flags() {
        return Set.of();
    }

    @Override
    public Set<String> options() {
        Set<String> names = new TreeSet<>(Set.of("runs", "size"));
        names.addAll(Site.OPTIONS);
        return names;
    }

    @Override
    public int run(BenchOptions options, PrintStream out) throws IOException, InterruptedException {
        int runs = options.number("runs", 200);
        if (runs < 1) {
            throw new IllegalArgumentException("runs: at least 1, not " + runs);
        }
        Path message = Files.createTempFile("tawny-oneshot", ".message");
        try (Site site = Site.open(options, DISK_MEGABYTES);
                ServerUnderTest server = site.start()) {
            Files.writeString(message, text(options.number("size", 5_000)), StandardCharsets.ISO_8859_1);
            out.println("disk: " + site.description());
            out.println(HEADING);
            boolean good = true;
            for (Kind kind : kinds(server.recipient())) {
                good &= measure(kind, site.home(), message, runs, out);
            }
            return good ? 0 : 1;
        } finally {
            Files.delete(message);
        }
    }

    private static List<Kind> kinds(String recipient) {
        return List.of(
                new Kind("qmail-inject", List.of(recipient), Map.of("QMAILUSER", "load", "QMAILHOST", "load.test")),
                new Kind("sendmail", List.of("-oi", recipient), Map.of("QMAILUSER", "load", "QMAILHOST", "load.test")),
                new Kind(
                        "forward",
                        List.of(recipient),
                        Map.of("NEWSENDER", "load@load.test", "DTLINE", "Delivered-To: oneshot@load.test\n")));
    }

    private static boolean measure(Kind kind, Path home, Path message, int runs, PrintStream out)
            throws IOException, InterruptedException {
        long[] nanos = new long[runs];
        int failed = 0;
        for (int i = -WARM_UP; i < runs; i++) {
            long start = System.nanoTime();
            boolean queued = runOnce(kind, home, message);
            if (i >= 0) {
                nanos[i] = System.nanoTime() - start;
                failed += queued ? 0 : 1;
            }
        }
        Arrays.sort(nanos);
        out.printf(
                "%-12s %6d  %10.1f %10.1f %10.1f %10.1f  %7d%n",
                kind.program(),
                runs,
                nanos[runs / 2] / 1e6,
                nanos[0] / 1e6,
                nanos[(int) Math.ceil(runs * 0.99) - 1] / 1e6,
                nanos[runs - 1] / 1e6,
                failed);
        return failed == 0;
    }

    private static boolean runOnce(Kind kind, Path home, Path message) throws IOException, InterruptedException {
        String bin = new File(Site.launcher()).getAbsoluteFile().getParent() + "/bin/";
        ProcessBuilder builder = new ProcessBuilder(bin + kind.program());
        builder.command().addAll(kind.arguments());
        builder.redirectInput(message.toFile());
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("TAWNY_HOME", home.toString());
        builder.environment().putAll(kind.environment());
        Process process = builder.start();
        if (!process.waitFor(LONGEST_RUN.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return false;
        }
        if (process.exitValue() != 0) {
            System.err.println("bench: warning: " + kind.program() + " ended with " + process.exitValue());
        }
        return process.exitValue() == 0;
    }

    private static String text(int size) {
        String header = "From: load@load.test\nTo: you\nSubject: oneshot\n\n";
        String line = "the quick brown fox jumps over the lazy dog and comes back for more\n";
        return header + line.repeat(Math.max(1, (size - header.length()) / line.length()));
    }
}
