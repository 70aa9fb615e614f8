package org.tawnymail.bench.jmh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
import org.openjdk.jmh.annotations.Threads;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.messages.JournalQueue;
import org.tawnymail.queue.messages.QueueOptions;

/**
 * Appends to the journal, each durable before it counts. The directory for temporary files decides which disk it is: {@code
 * -Djava.io.tmpdir}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class JournalBenchmark {

    @Param({"1000", "5000", "50000"})
    int octets;

    private byte[] text = new byte[0];
    private @Nullable Path directory;
    private @Nullable JournalQueue queue;

    @Setup(Level.Iteration)
    public void open() throws IOException {
        text = "0123456789 123456789 123456789 123456789\n"
                .repeat(octets / 41 + 1)
                .substring(0, octets)
                .getBytes(StandardCharsets.ISO_8859_1);
        directory = Files.createTempDirectory("tawny-jmh");
        queue = JournalQueue.open(directory.resolve("queue"), QueueOptions.DEFAULT, InstantSource.system(), line -> {});
    }

    /** One submitter: a force for each message. */
    @Benchmark
    public QueueResult oneSubmitter() throws IOException {
        return submit();
    }

    /** A hundred submitters share forces. */
    @Benchmark
    @Threads(100)
    public QueueResult hundredSubmitters() throws IOException {
        return submit();
    }

    /** Accepted and finished at once, so that segments empty themselves. */
    private QueueResult submit() throws IOException {
        JournalQueue opened = Objects.requireNonNull(queue);
        try (Submission submission = opened.begin(QueuePort.Origin.NETWORK)) {
            submission.message().write(text);
            QueueResult result = submission.commit("ann@here.test", List.of("kim@here.test"));
            if (!(result instanceof QueueResult.Accepted(long number))) {
                throw new IOException("the queue said " + result);
            }
            opened.finish(number);
            return result;
        }
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
        Objects.requireNonNull(queue).close();
        remove(Objects.requireNonNull(directory));
    }

    static void remove(Path tree) throws IOException {
        try (Stream<Path> walk = Files.walk(tree)) {
            for (Path each : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
