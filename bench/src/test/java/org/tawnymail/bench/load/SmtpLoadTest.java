package org.tawnymail.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmtpLoadTest {

    private static final int SIZE = 5_000;

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void everyMessageIsTakenOnceAndWhole(boolean pipelining, boolean kept) throws IOException {
        SmtpSink.Behaviour behaviour = new SmtpSink.Behaviour(pipelining, Duration.ZERO, "250 ok", "250 ok");
        try (SmtpSink sink = new SmtpSink(0, behaviour)) {
            LoadResult result = new SmtpLoad(plan(sink.port(), 7, 60, kept)).run();
            assertThat(result.acknowledged()).isEqualTo(60);
            assertThat(result.failed()).isZero();
            assertThat(result.errors()).isEmpty();
            assertThat(sink.messages()).isEqualTo(60);
            assertThat(sink.octets()).as("texts with their dots").isEqualTo(60 * (SIZE + 3));
            assertThat(sink.connections()).isEqualTo(kept ? 7 : 60);
            assertThat(result.percentile(50)).isPositive().isLessThanOrEqualTo(result.percentile(99));
        }
    }

    @Test
    void aMessageLargerThanAnySocketTakesIsSentInPieces() throws IOException {
        try (SmtpSink sink = new SmtpSink(0, SmtpSink.Behaviour.WILLING)) {
            LoadPlan small = plan(sink.port(), 2, 4, true);
            LoadPlan plan = new LoadPlan(small.server(), 2, 4, 12_000_001, true, "a@b", "c@d", 0);
            assertThat(new SmtpLoad(plan).run().acknowledged()).isEqualTo(4);
            assertThat(sink.octets()).isEqualTo(4 * 12_000_004L);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "550 no such user, 250 ok, true, 550 no such user",
        "550 no such user, 250 ok, false, 550 no such user",
        "250 ok, 451 disk full, true, 451 disk full",
        "250 ok, 451 disk full, false, 451 disk full",
    })
    void whatIsRefusedIsCountedWithTheReason(String toRecipient, String toText, boolean kept, String reason)
            throws IOException {
        try (SmtpSink sink = new SmtpSink(0, new SmtpSink.Behaviour(true, Duration.ZERO, toRecipient, toText))) {
            LoadResult result = new SmtpLoad(plan(sink.port(), 3, 10, kept)).run();
            assertThat(result.acknowledged()).isZero();
            assertThat(result.failed()).isEqualTo(10);
            assertThat(result.errors()).hasSize(5).containsOnly(reason);
            assertThat(sink.messages()).isZero();
        }
    }

    @Test
    void withoutAServerEveryMessageFails() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        LoadResult result = new SmtpLoad(plan(port, 3, 10, false)).run();
        assertThat(result.failed()).isEqualTo(10);
        assertThat(result.errors()).contains("Connection refused");
    }

    private static LoadPlan plan(int port, int sessions, int messages, boolean kept) {
        InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return new LoadPlan(server, sessions, messages, SIZE, kept, "from@load.test", "to@load.test", 0);
    }
}
