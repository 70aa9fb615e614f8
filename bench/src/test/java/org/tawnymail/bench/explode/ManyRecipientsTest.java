package org.tawnymail.bench.explode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tawnymail.bench.load.SmtpSink;

class ManyRecipientsTest {

    private static final List<String> ENVELOPE =
            IntStream.range(0, 1_001).mapToObj(i -> "reader" + i + "@load.test").toList();

    @Test
    void oneTransactionHasAllRecipients() throws IOException {
        try (SmtpSink sink = new SmtpSink(0, SmtpSink.Behaviour.WILLING)) {
            new ManyRecipients(ENVELOPE, 5_000).send(at(sink), "ann@load.test");
            assertThat(sink.messages()).isEqualTo(1);
            assertThat(sink.recipients()).isEqualTo(1_001);
            assertThat(sink.octets()).isBetween(4_900L, 5_010L);
        }
    }

    @Test
    void aRefusedRecipientIsNoResult() throws IOException {
        SmtpSink.Behaviour refusing = new SmtpSink.Behaviour(true, Duration.ZERO, "550 no such user", "250 ok");
        try (SmtpSink sink = new SmtpSink(0, refusing)) {
            assertThatThrownBy(() -> new ManyRecipients(ENVELOPE, 5_000).send(at(sink), "ann@load.test"))
                    .hasMessage("the server said 550 no such user");
        }
    }

    @Test
    void aSinkIsAsManyHostsAsItHasAddresses() throws IOException {
        List<InetAddress> hosts = List.of(InetAddress.ofLiteral("127.0.1.1"), InetAddress.ofLiteral("127.0.1.2"));
        try (SmtpSink sink = new SmtpSink(hosts, 0, SmtpSink.Behaviour.WILLING)) {
            for (InetAddress host : hosts) {
                new ManyRecipients(List.of("kim@load.test"), 600)
                        .send(new InetSocketAddress(host, sink.port()), "ann@load.test");
            }
            assertThat(sink.recipients()).isEqualTo(2);
        }
    }

    @Test
    void missingRecipientsAreAddedUpAndTheRestAreMedians() {
        Explosion slow = new Explosion(10, 1, Duration.ofMillis(4), 100, 10, 2, 3);
        Explosion fast = new Explosion(10, 0, Duration.ofMillis(2), 300, 10, 2, 1);
        Explosion median = Explosion.median(List.of(slow, fast, fast));
        assertThat(median.missing()).isEqualTo(1);
        assertThat(median.perSecond()).isEqualTo(300);
        assertThat(Explosion.HEADING).hasSameSizeAs(median.line("median"));
    }

    private static InetSocketAddress at(SmtpSink sink) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), sink.port());
    }
}
