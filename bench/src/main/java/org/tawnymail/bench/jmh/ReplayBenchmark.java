package org.tawnymail.bench.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.tawnymail.bench.backlog.WaitingMail;
import org.tawnymail.queue.messages.JournalQueue;
import org.tawnymail.queue.messages.QueueOptions;

/** A start: the journal is replayed, and the queue is ready. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ReplayBenchmark {

    @Param({"10000", "100000"})
    int messages;

    private @Nullable Path directory;

    @Setup(Level.Trial)
    public void fill() throws IOException, InterruptedException {
        directory = Files.createTempDirectory("tawny-jmh");
        Path queue = Files.createDirectory(directory.resolve("queue"));
        new WaitingMail(queue, 1_000).add(messages);
    }

    /** Opens the queue and closes it again. */
    @Benchmark
    public int replay() throws IOException {
        Path queue = Objects.requireNonNull(directory).resolve("queue");
        try (JournalQueue opened = JournalQueue.open(queue, QueueOptions.DEFAULT, InstantSource.system(), line -> {})) {
            return opened.messages().size();
        }
    }

    @TearDown(Level.Trial)
    public void remove() throws IOException {
        JournalBenchmark.remove(Objects.requireNonNull(directory));
    }
}
