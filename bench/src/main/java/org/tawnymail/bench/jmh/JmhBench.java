package org.tawnymail.bench.jmh;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Set;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.tawnymail.bench.BenchOptions;
import org.tawnymail.bench.Measurement;
import org.tawnymail.harness.LoopDisk;

/** {@code ./tawny bench jmh}: the benchmarks of single parts, each in a JVM of its own. */
public final class JmhBench implements Measurement {

    private static final int DISK_MEGABYTES = 4096;

    @Override
    public String name() {
        return "jmh";
    }

    @Override
    public String usage() {
        return """
                benchmarks of single parts (JMH): parsers, journal append, replay, schedule; on a disk image
                --only PATTERN --forks 1 --iterations 5 --seconds 1 (an iteration)
                """;
    }

    @Override
    public Set<String> flags() {
        return Set.of();
    }

    @Override
    public Set<String> options() {
        return Set.of("only", "forks", "iterations", "seconds");
    }

    @Override
    public int run(BenchOptions options, PrintStream out) throws IOException, InterruptedException {
        TimeValue iteration = TimeValue.seconds(options.number("seconds", 1));
        try (LoopDisk disk = LoopDisk.create(DISK_MEGABYTES)) {
            out.println("disk: " + disk.description());
            return run(options, iteration, disk);
        }
    }

    private static int run(BenchOptions options, TimeValue iteration, LoopDisk disk) throws IOException {
        ChainedOptionsBuilder jmh = new OptionsBuilder()
                .jvmArgsAppend("-Djava.io.tmpdir=" + disk.path(), "--enable-native-access=ALL-UNNAMED")
                .include(options.text("only", "org\\.tawnymail\\."))
                .forks(options.number("forks", 1))
                .warmupIterations(options.number("iterations", 5))
                .warmupTime(iteration)
                .measurementIterations(options.number("iterations", 5))
                .measurementTime(iteration)
                .shouldFailOnError(true);
        try {
            return new Runner(jmh.build()).run().isEmpty() ? 1 : 0;
        } catch (RunnerException e) {
            throw new IOException("a benchmark could not be run: " + e.getMessage(), e);
        }
    }
}
