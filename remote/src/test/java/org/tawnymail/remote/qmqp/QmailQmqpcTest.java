package org.tawnymail.remote.qmqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.netstring.Netstring;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;

@Timeout(30)
final class QmailQmqpcTest {

    private static final String ENVELOPE = "Fkim@far.test\0Tann@mail.corp.example\0Ta@b.c\0\0";

    @TempDir
    private Path home;

    private final ServerSocket server = listen("127.0.0.1");
    /** Has a port where nobody listens and nobody else can begin to. */
    private final Socket closed = new Socket();

    @BeforeEach
    void control() throws IOException {
        Files.createDirectory(home.resolve("control"));
        closed.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        servers("127.0.0.1:" + server.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        closed.close();
    }

    @Test
    void theRequestIsThatOfTheSpec() throws Exception {
        CompletableFuture<byte[]> heard = answer(server, "22:Kok 1741338245 qp 8124,");
        assertThat(qmqpc("Subject: hi\n\nall ok\n", ENVELOPE)).isZero();
        assertThat(Octets.text(heard.get()))
                .isEqualTo("73:20:Subject: hi\n\nall ok\n,12:kim@far.test,21:ann@mail.corp.example,5:a@b.c,,");
    }

    @Test
    void nothingToSayIsSaidToo() throws Exception {
        CompletableFuture<byte[]> heard = answer(server, "1:K,");
        assertThat(qmqpc("", "F\0\0and what follows is not read")).isZero();
        assertThat(Octets.text(heard.get())).isEqualTo("6:0:,0:,,");
    }

    @Test
    void theFirstLetterThatDecidesIsTheAnswer() throws Exception {
        for (Map.Entry<String, Integer> answer : Map.of(
                        "1:K,", 0, "5:Zlate,", 71, "3:DKZ,", 31, "K", 0, "??  kzdD", 31, "", 74, "12:no letter,", 74)
                .entrySet()) {
            var _ = answer(server, answer.getKey());
            assertThat(qmqpc("x\n", ENVELOPE)).as(answer.getKey()).isEqualTo(answer.getValue());
        }
    }

    @Test
    void aServerThatTalksWithoutDecidingIsGivenUp() {
        var _ = answer(server, "x".repeat(200));
        assertThat(qmqpc("x\n", ENVELOPE)).isEqualTo(74);
    }

    @Test
    void anEnvelopeOfAnotherShapeIsNotSent() {
        for (String bad :
                new String[] {"", "F", "Fa", "Fa\0", "Fa\0T", "Fa\0Tb\0", "Ta\0\0", "Fa\0Fb\0\0", "Fa\0x", "\0"}) {
            assertThat(qmqpc("x\n", bad)).as(bad).isEqualTo(91);
        }
    }

    @Test
    void anAddressMayBeLongAndThenIsTheServersToRefuse() throws Exception {
        CompletableFuture<byte[]> heard = answer(server, "1:D,");
        String sender = "a".repeat(70_000);
        assertThat(qmqpc("", "F" + sender + "\0\0")).isEqualTo(31);
        assertThat(Octets.text(heard.get())).isEqualTo("70010:0:,70000:" + sender + ",,");
        assertThat(qmqpc("", "F" + "a".repeat((1 << 20) + 1) + "\0\0")).isEqualTo(11);
    }

    @Test
    void aLongMessagePassesUnchangedAndIsNotKept() throws Exception {
        byte[] message = new byte[3 * Spool.MOST_IN_MEMORY + 17];
        new Random(1).nextBytes(message);
        String recipients = "Tann@mail.corp.example\0".repeat(20_000);
        CompletableFuture<byte[]> heard = answer(server, "1:K,");
        Path scratch = Files.createDirectory(home.resolve("scratch"));
        assertThat(run(
                        new ByteArrayInputStream(message),
                        new ByteArrayInputStream(Octets.of("Fk\0" + recipients + "\0")),
                        Map.of("TMPDIR", scratch.toString())))
                .isZero();
        ByteArrayOutputStream inside = new ByteArrayOutputStream();
        Netstring.write(inside, message);
        inside.writeBytes(Octets.of("1:k," + "21:ann@mail.corp.example,".repeat(20_000)));
        assertThat(heard.get()).isEqualTo(Netstring.of(inside.toByteArray()));
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void whatCannotBeReadIsNotSent() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Input/output error");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                throw new IOException("Input/output error");
            }
        };
        InputStream envelope = new ByteArrayInputStream(Octets.of(ENVELOPE));
        assertThat(run(broken, envelope, Map.of())).isEqualTo(54);
        assertThat(run(new ByteArrayInputStream(new byte[1]), broken, Map.of())).isEqualTo(54);
        Call nothing = new Call("qmail-qmqpc", List.of(), environment(Map.of()), Descriptors.none(), home);
        assertThat(new QmailQmqpc().run(nothing)).isEqualTo(54);
    }

    @Test
    void serversAreTriedInOrderUntilOneIsReached() throws Exception {
        servers("# ours\nmail.corp.example\n127.0.0.1:" + closed.getLocalPort() + " is down\n127.0.0.1:"
                + server.getLocalPort() + " is up\n127.0.0.1:" + closed.getLocalPort());
        CompletableFuture<byte[]> heard = answer(server, "1:K,");
        assertThat(qmqpc("", "F\0\0")).isZero();
        assertThat(heard.get()).isNotEmpty();
    }

    @Test
    void aServerThatIsSilentToTheConnectionHasTimedOut() throws IOException {
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                Socket first = new Socket(deaf.getInetAddress(), deaf.getLocalPort());
                Socket second = new Socket(deaf.getInetAddress(), deaf.getLocalPort())) {
            assertThat(List.of(first.isConnected(), second.isConnected())).containsOnly(true);
            servers("127.0.0.1:" + deaf.getLocalPort());
            assertThat(run(
                            new QmailQmqpc(Duration.ofMillis(300)),
                            new ByteArrayInputStream(Octets.of("x\n")),
                            new ByteArrayInputStream(Octets.of(ENVELOPE)),
                            Map.of()))
                    .isEqualTo(72);
        }
    }

    @Test
    void onceOneIsReachedNoOtherIsTried() throws Exception {
        try (ServerSocket second = listen("127.0.0.1")) {
            servers("127.0.0.1:" + server.getLocalPort() + "\n127.0.0.1:" + second.getLocalPort());
            CompletableFuture<byte[]> other = answer(second, "1:K,");
            var _ = answer(server, "5:Zlate,");
            assertThat(qmqpc("x\n", ENVELOPE)).isEqualTo(71);
            var _ = answer(server, "");
            assertThat(qmqpc("x\n", ENVELOPE)).isEqualTo(74);
            assertThat(other).isNotDone();
        }
    }

    @Test
    void anIpv6ServerStandsInBrackets() throws Exception {
        try (ServerSocket six = listen("::1")) {
            servers("[::1]:" + six.getLocalPort());
            CompletableFuture<byte[]> heard = answer(six, "1:K,");
            assertThat(qmqpc("", "F\0\0")).isZero();
            assertThat(heard.get()).isNotEmpty();
        }
    }

    @Test
    void withoutServersOrAHomeThereIsNoMail() throws IOException {
        servers("127.0.0.1:" + closed.getLocalPort());
        assertThat(qmqpc("", "F\0\0")).isEqualTo(73);
        servers("mail.corp.example\n10.0.0\n");
        assertThat(qmqpc("", "F\0\0")).isEqualTo(55);
        Files.delete(home.resolve("control/qmqpservers"));
        assertThat(qmqpc("", "F\0\0")).isEqualTo(55);
        Files.createDirectory(home.resolve("control/qmqpservers"));
        assertThat(qmqpc("", "F\0\0")).isEqualTo(55);
        assertThat(run(InputStream.nullInputStream(), InputStream.nullInputStream(), Map.of("TAWNY_HOME", "/nowhere")))
                .isEqualTo(61);
    }

    private void servers(String content) throws IOException {
        Files.writeString(home.resolve("control/qmqpservers"), content + "\n");
    }

    private int qmqpc(String message, String envelope) {
        return run(
                new ByteArrayInputStream(Octets.of(message)), new ByteArrayInputStream(Octets.of(envelope)), Map.of());
    }

    private int run(InputStream message, InputStream envelope, Map<String, String> variables) {
        return run(new QmailQmqpc(), message, envelope, variables);
    }

    private int run(QmailQmqpc program, InputStream message, InputStream envelope, Map<String, String> variables) {
        Descriptors descriptors = Descriptors.none().with(0, message).with(1, envelope);
        return program.run(new Call("qmail-qmqpc", List.of(), environment(variables), descriptors, home));
    }

    private Environment environment(Map<String, String> variables) {
        return Environment.empty().with("TAWNY_HOME", home.toString()).with(variables);
    }

    private static ServerSocket listen(String address) {
        try {
            return new ServerSocket(0, 5, InetAddress.ofLiteral(address));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Takes one request, as long as its outer netstring says, and answers. */
    private static CompletableFuture<byte[]> answer(ServerSocket server, String answer) {
        CompletableFuture<byte[]> heard = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (Socket socket = server.accept()) {
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                InputStream in = socket.getInputStream();
                long length = 0;
                for (int octet = in.read(); octet >= 0; octet = in.read()) {
                    all.write(octet);
                    if (octet == ':') {
                        break;
                    }
                    length = length * 10 + octet - '0';
                }
                all.writeBytes(in.readNBytes((int) length + 1));
                socket.getOutputStream().write(Octets.of(answer));
                heard.complete(all.toByteArray());
            } catch (IOException noRequest) {
                heard.completeExceptionally(noRequest);
            }
        });
        return heard;
    }
}
