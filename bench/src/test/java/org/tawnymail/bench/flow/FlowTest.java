package org.tawnymail.bench.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.bench.load.LoadPlan;
import org.tawnymail.bench.load.SmtpSink;
import org.tawnymail.harness.ServerUnderTest;

class FlowTest {

    @TempDir
    private Path directory;

    @Test
    void aRoundLastsUntilTheLastMessageStandsInTheMaildir() throws Exception {
        try (SinkWithMaildir server = new SinkWithMaildir(directory)) {
            LoadPlan plan = new LoadPlan(server.smtp(), 5, 200, 1000, false, "a@b", server.recipient(), 0);
            Flow bench = new Flow(server, plan, new MaildirDestination(server.maildir()));
            bench.warmUp(20);
            Round round = bench.round(plan);
            assertThat(round.acknowledged()).isEqualTo(200);
            assertThat(round.delivered()).isEqualTo(200);
            assertThat(round.failed()).isZero();
            assertThat(round.missing()).isZero();
            assertThat(round.deliveredPerSecond()).isPositive();
            assertThat(server.maildir().resolve("new")).isEmptyDirectory();
            assertThat(Round.HEADING).hasSameSizeAs(round.line("1"));
        }
    }

    @Test
    void aRoundThatLosesMailSaysSo() {
        Round good = new Round(10, 0, 10, 3, 3, Duration.ofMillis(1), Duration.ofMillis(9), 1, 1);
        Round bad = new Round(10, 2, 7, 1, 1, Duration.ofMillis(2), Duration.ofMillis(8), 3, 3);
        Round median = Round.median(List.of(good, bad, good));
        assertThat(median.missing()).isEqualTo(3);
        assertThat(median.failed()).isEqualTo(2);
        assertThat(median.acceptedPerSecond()).isEqualTo(3);
        assertThat(Round.median(List.of(good, bad)).serverCpu()).isEqualTo(2);
    }

    /** A sink whose messages appear in a Maildir a little later. */
    private static final class SinkWithMaildir implements ServerUnderTest {

        private final SmtpSink sink = new SmtpSink(0, SmtpSink.Behaviour.WILLING);
        private final Path folder;
        private final Thread delivery;

        SinkWithMaildir(Path directory) throws IOException {
            folder = Files.createDirectories(directory.resolve("new"));
            delivery = Thread.ofPlatform().start(this::deliver);
        }

        private void deliver() {
            int delivered = 0;
            while (!Thread.interrupted()) {
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
                for (int wanted = sink.messages(); delivered < wanted; delivered++) {
                    try {
                        Files.createFile(folder.resolve("message" + delivered));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        }

        @Override
        public InetSocketAddress smtp() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), sink.port());
        }

        @Override
        public long pid() {
            return ProcessHandle.current().pid();
        }

        @Override
        public String recipient() {
            return "to@load.test";
        }

        @Override
        public Path maildir() {
            return folder.resolveSibling("");
        }

        @Override
        public void close() throws IOException {
            delivery.interrupt();
            sink.close();
        }
    }
}
