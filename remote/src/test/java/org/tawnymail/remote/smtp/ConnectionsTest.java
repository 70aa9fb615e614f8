package org.tawnymail.remote.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;

class ConnectionsTest {

    private static final Limits LIMITS = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(5));
    private static final Duration NO_WAIT = Duration.ZERO;
    private static final Duration LONG_WAIT = Duration.ofSeconds(10);
    private static final String ME = "me.test";

    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Connections connections = Connections.kept(() -> now);
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private ServerSocket server;
    private Peer peer;

    ConnectionsTest() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        peer = new Peer(server.getInetAddress(), server.getLocalPort());
    }

    @BeforeEach
    void aHostListens() {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket connection = server.accept();
                    accepted.incrementAndGet();
                    Thread.ofVirtual().start(() -> greet(connection));
                }
            } catch (IOException closed) {
                // The test is over.
            }
        });
    }

    @AfterEach
    void nobodyListens() throws IOException {
        connections.close();
        server.close();
    }

    @Test
    void aConnectionIsKeptAndGivenToTheNext() throws Exception {
        SmtpSession first = openAndGiveBack(ME);
        assertThat(connections.idle()).isOne();
        try (Connections.Lease lease = lease(NO_WAIT).orElseThrow()) {
            assertThat(lease.session()).containsSame(first);
            assertThat(connections.idle()).isZero();
        }
        assertThat(accepted).hasValue(1);
    }

    @Test
    void aConnectionUnderAnotherNameIsNotUsed() throws Exception {
        openAndGiveBack("other.test");
        try (Connections.Lease lease = lease(NO_WAIT).orElseThrow()) {
            assertThat(lease.session()).isEmpty();
        }
        assertThat(heard()).isEqualTo("EHLO other.test");
        assertThat(heard()).isEqualTo("QUIT");
    }

    @Test
    void aConnectionThatNobodyWantsIsEndedAfterAWhile() throws Exception {
        openAndGiveBack(ME);
        now = now.plus(Connections.LONGEST_IDLE).minusMillis(1);
        connections.closeIdle();
        assertThat(connections.idle()).isOne();
        now = now.plusMillis(1);
        connections.closeIdle();
        assertThat(connections.idle()).isZero();
        assertThat(heard()).isEqualTo("EHLO me.test");
        assertThat(heard()).isEqualTo("QUIT");
    }

    @Test
    void closingSaysGoodbyeAndNothingIsKeptAfterwards() throws Exception {
        openAndGiveBack(ME);
        connections.close();
        assertThat(connections.idle()).isZero();
        openAndGiveBack(ME);
        assertThat(connections.idle()).isZero();
    }

    @Test
    void aHostIsNotGivenMoreThanItsShare() {
        try (Connections.Lease one = lease(NO_WAIT).orElseThrow();
                Connections.Lease two = lease(NO_WAIT).orElseThrow()) {
            assertThat(one).isNotSameAs(two);
            assertThat(lease(NO_WAIT)).isEmpty();
            assertThat(lease(Duration.ofMillis(1))).isEmpty();
            Peer other = new Peer(peer.address(), peer.port() + 1);
            connections.lease(other, ME, 2, NO_WAIT).orElseThrow().close();
        }
        lease(NO_WAIT).orElseThrow().close();
    }

    @Test
    void whoWaitsForAShareIsServedInTurnAndGetsTheConnection() throws Exception {
        Connections.Lease one = lease(NO_WAIT).orElseThrow();
        Connections.Lease two = lease(NO_WAIT).orElseThrow();
        assertThat(one.open(ME, LIMITS)).isInstanceOf(SmtpSession.Opening.Ready.class);
        BlockingQueue<String> served = new LinkedBlockingQueue<>();
        List<Thread> waiters = new ArrayList<>();
        for (String name : List.of("first", "second", "third")) {
            Thread waiter = Thread.ofVirtual().start(() -> {
                try (Connections.Lease lease = lease(LONG_WAIT).orElseThrow()) {
                    served.add(name + (lease.session().isPresent() ? " with a connection" : ""));
                }
            });
            waiters.add(waiter);
            while (waiter.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
        }
        assertThat(lease(NO_WAIT)).as("nobody overtakes").isEmpty();
        one.close();
        for (Thread waiter : waiters) {
            waiter.join();
        }
        two.close();
        assertThat(served)
                .containsExactly("first with a connection", "second with a connection", "third with a connection");
        assertThat(accepted).hasValue(1);
    }

    @Test
    void aWaitThatIsInterruptedEnds() throws Exception {
        try (Connections.Lease one = lease(NO_WAIT).orElseThrow();
                Connections.Lease two = lease(NO_WAIT).orElseThrow()) {
            assertThat(one).isNotSameAs(two);
            Thread waiter = Thread.ofVirtual().start(() -> {
                Thread.currentThread().interrupt();
                if (lease(LONG_WAIT).isEmpty()) {
                    heard.add("interrupted");
                }
            });
            waiter.join();
            assertThat(heard()).isEqualTo("interrupted");
        }
    }

    @Test
    void manyAtOnceNeitherExceedTheShareNorWaitForEver() throws Exception {
        AtomicInteger in = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int round = 0; round < 100; round++) {
                    try (Connections.Lease lease = lease(LONG_WAIT).orElseThrow()) {
                        most.accumulateAndGet(in.incrementAndGet(), Math::max);
                        if (lease.session().isEmpty() && round % 10 == 0) {
                            lease.open(ME, LIMITS);
                        }
                        in.decrementAndGet();
                        done.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(done).hasValue(5_000);
        assertThat(most).hasValueLessThanOrEqualTo(2);
    }

    private Optional<Connections.Lease> lease(Duration wait) {
        return connections.lease(peer, ME, 2, wait);
    }

    private SmtpSession openAndGiveBack(String helo) {
        try (Connections.Lease lease = connections.lease(peer, helo, 2, NO_WAIT).orElseThrow()) {
            assertThat(lease.open(helo, LIMITS)).isInstanceOf(SmtpSession.Opening.Ready.class);
            return lease.session().orElseThrow();
        }
    }

    private String heard() throws InterruptedException {
        return String.valueOf(heard.poll(10, TimeUnit.SECONDS));
    }

    private void greet(Socket connection) {
        try (connection;
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1))) {
            connection.getOutputStream().write(Octets.of("220 mx.test\r\n"));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                heard.add(line);
                connection.getOutputStream().write(Octets.of("250 ok\r\n"));
            }
        } catch (IOException gone) {
            // The client closed first.
        }
    }
}
