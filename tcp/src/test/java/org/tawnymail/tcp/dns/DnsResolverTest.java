package org.tawnymail.tcp.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.program.Environment;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

final class DnsResolverTest {

    private static final List<Duration> SHORT = List.of(Duration.ofMillis(50), Duration.ofMillis(100));

    private final AtomicLong now = new AtomicLong(1_700_000_000);

    @Test
    void theAddressesOfANameAreFound() throws IOException {
        try (ZoneServer server =
                answering("mx.corp.example. 60 IN A 192.0.2.7", "mx.corp.example. 60 IN A 192.0.2.8")) {
            assertThat(resolver(server).a("MX.corp.example").records())
                    .extracting(InetAddress::getHostAddress)
                    .containsExactlyInAnyOrder("192.0.2.7", "192.0.2.8");
        }
    }

    @Test
    void exchangersComeWithPreferenceAndLowerCaseName() throws IOException {
        try (ZoneServer server =
                answering("corp.example. 60 IN MX 20 B.Corp.Example.", "corp.example. 60 IN MX 10 a.corp.example.")) {
            assertThat(resolver(server).mx("corp.example").records())
                    .containsExactlyInAnyOrder(
                            new MailExchanger(20, "b.corp.example"), new MailExchanger(10, "a.corp.example"));
        }
    }

    @Test
    void aDomainThatTakesNoMailHasTheRootAsExchanger() throws IOException {
        try (ZoneServer server = answering("corp.example. 60 IN MX 0 .")) {
            assertThat(resolver(server).mx("corp.example"))
                    .isEqualTo(new Answer.Found<>(List.of(new MailExchanger(0, ""))));
        }
    }

    @Test
    void aMissingNameIsAHardFailure() throws IOException {
        try (ZoneServer server = new ZoneServer(answer -> rcode(answer, Rcode.NXDOMAIN))) {
            assertThat(resolver(server).mx("nowhere.example")).isEqualTo(new Answer.NoSuchName<>());
        }
    }

    @Test
    void aNameWithoutExchangersHasNoData() throws IOException {
        try (ZoneServer server = new ZoneServer(UnaryOperator.identity())) {
            assertThat(resolver(server).mx("corp.example")).isEqualTo(new Answer.NoData<>());
        }
    }

    @Test
    void anAnswerThatIsCutShortIsAskedForOverTcpHoweverLongItIs() throws Exception {
        int addresses = 4_000;
        // The TCP port comes first: of those a busy machine has hundreds in use, and of the UDP ports hardly one.
        try (ServerSocket whole = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                ZoneServer cut = new ZoneServer(whole.getLocalPort(), answer -> {
                    answer.getHeader().setFlag(Flags.TC);
                    return answer;
                })) {
            Thread.ofVirtual().start(() -> answerOverTcp(whole, addresses));
            InstantSource clock = () -> Instant.ofEpochSecond(now.get());
            DnsResolver patient = new DnsResolver(() -> List.of(cut.address()), List.of(Duration.ofSeconds(20)), clock);
            assertThat(patient.a("big.example").records()).hasSize(addresses);
        }
    }

    private static void answerOverTcp(ServerSocket listener, int addresses) {
        try (Socket connection = listener.accept()) {
            DataInputStream in = new DataInputStream(connection.getInputStream());
            Message question = new Message(in.readNBytes(in.readUnsignedShort()));
            Message answer = new Message(question.getHeader().getID());
            answer.getHeader().setFlag(Flags.QR);
            answer.addRecord(question.getQuestion(), Section.QUESTION);
            for (int i = 0; i < addresses; i++) {
                with(answer, "big.example. 60 IN A 198.18." + i / 250 + "." + i % 250);
            }
            byte[] wire = answer.toWire();
            assertThat(wire.length).isGreaterThan(60_000);
            DataOutputStream out = new DataOutputStream(connection.getOutputStream());
            out.writeShort(wire.length);
            out.write(wire);
            out.flush();
            in.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aServerThatIsNotThereIsASoftFailure() throws IOException {
        InetSocketAddress gone;
        try (ZoneServer server = new ZoneServer(UnaryOperator.identity())) {
            gone = server.address();
        }
        assertThat(new DnsResolver(() -> List.of(gone), SHORT, InstantSource.system()).mx("corp.example"))
                .isInstanceOf(Answer.Temporary.class);
    }

    @Test
    void aFailingServerIsASoftFailure() throws IOException {
        try (ZoneServer server = new ZoneServer(answer -> rcode(answer, Rcode.SERVFAIL))) {
            assertThat(resolver(server).a("corp.example")).isEqualTo(new Answer.Temporary<>("temporary failure"));
            assertThat(server.questions.get()).as("asked in each round").isEqualTo(SHORT.size());
        }
    }

    @Test
    void aSilentServerIsASoftFailureAndTheNextOneIsAsked() throws IOException {
        try (ZoneServer silent = new ZoneServer(answer -> {
                    answer.getHeader().unsetFlag(Flags.QR);
                    return answer;
                });
                ZoneServer working = answering("corp.example. 60 IN A 192.0.2.7")) {
            assertThat(resolver(silent).a("corp.example")).isEqualTo(new Answer.Temporary<>("timed out"));
            assertThat(resolver(silent, working).a("corp.example").records()).hasSize(1);
        }
    }

    @Test
    void aServerThatDoesNotKnowExtensionsIsAskedWithoutThem() throws IOException {
        try (ZoneServer server = new ZoneServer(new UnaryOperator<>() {
            private boolean asked;

            @Override
            public Message apply(Message answer) {
                if (!asked) {
                    asked = true;
                    return rcode(answer, Rcode.FORMERR);
                }
                return with(answer, "corp.example. 60 IN A 192.0.2.7");
            }
        })) {
            assertThat(resolver(server).a("corp.example").records()).hasSize(1);
        }
    }

    @Test
    void aliasesAreFollowedInsideAnAnswerAndBeyondIt() throws IOException {
        try (ZoneServer server =
                new ZoneServer(answer -> switch (answer.getQuestion().getName().toString()) {
                    case "www.example." ->
                        with(answer, "www.example. 60 IN CNAME a.example.", "a.example. 60 IN CNAME b.example.");
                    case "b.example." -> with(answer, "b.example. 60 IN A 192.0.2.9");
                    default -> rcode(answer, Rcode.NXDOMAIN);
                })) {
            assertThat(resolver(server).a("www.example").records())
                    .containsExactly((Inet4Address) InetAddress.ofLiteral("192.0.2.9"));
        }
    }

    @Test
    void aRingOfAliasesEnds() throws IOException {
        try (ZoneServer server = new ZoneServer(
                answer -> with(answer, "a.example. 60 IN CNAME b.example.", "b.example. 60 IN CNAME a.example."))) {
            assertThat(resolver(server).a("a.example").records()).isEmpty();
        }
    }

    @Test
    void theNameOfAnAddressIsLowerCaseWithOddOctetsEscaped() throws IOException {
        try (ZoneServer server = answering("7.2.0.192.in-addr.arpa. 60 IN PTR Mail\\032_x.Corp.Example.")) {
            assertThat(resolver(server).ptr(InetAddress.ofLiteral("192.0.2.7")).records())
                    .containsExactly("mail\\040_x.corp.example");
        }
    }

    @Test
    void theStringsOfATextRecordAreJoined() throws IOException {
        try (ZoneServer server = answering("corp.example. 60 IN TXT \"v=spf1 \" \"-all\"")) {
            assertThat(resolver(server).txt("corp.example").records()).containsExactly("v=spf1 -all");
        }
    }

    @Test
    void anAnswerIsRememberedForAsLongAsItSays() throws IOException {
        try (ZoneServer server = answering("corp.example. 60 IN A 192.0.2.7")) {
            DnsResolver resolver = resolver(server);
            resolver.a("corp.example");
            resolver.a("Corp.Example.");
            assertThat(server.questions.get()).isEqualTo(1);
            now.addAndGet(60);
            resolver.a("corp.example");
            assertThat(server.questions.get()).isEqualTo(2);
        }
    }

    @Test
    void whatCannotBeANameIsNeverAskedFor() throws IOException {
        try (ZoneServer server = answering()) {
            DnsResolver resolver = resolver(server);
            for (String name :
                    List.of("", ".", "a..example", ".example", "x".repeat(64) + ".example", "a.".repeat(128))) {
                assertThat(resolver.a(name)).as(name).isEqualTo(new Answer.NoSuchName<>());
            }
            assertThat(server.questions.get()).isZero();
        }
    }

    @Test
    void localhostIsThisHostWithoutAQuestion() throws IOException {
        try (ZoneServer server = answering()) {
            assertThat(resolver(server).a("localhost").records())
                    .containsExactly((Inet4Address) InetAddress.ofLiteral("127.0.0.1"));
            assertThat(server.questions.get()).isZero();
        }
    }

    @Test
    void serversComeFromTheVariableElseTheFileElseThisHost(@TempDir Path directory) throws IOException {
        Path conf = directory.resolve("resolv.conf");
        assertThat(servers("", conf)).containsExactly("127.0.0.1");
        Files.writeString(conf, "search corp.example\nnameserver 192.0.2.1\nnameserver ::1\nnameserver bad\n");
        assertThat(servers("", conf)).containsExactly("192.0.2.1", "::1");
        assertThat(servers("192.0.2.3.192.0.2.4", conf)).containsExactly("192.0.2.3", "192.0.2.4");
        assertThat(servers("1.2.3.4.".repeat(20), conf)).hasSize(16);
    }

    @Test
    void addressLiteralsAreReadAndPrinted() {
        assertThat(IpLiteral.parse("[192.0.02.007]").map(IpLiteral::text)).contains("192.0.2.7");
        assertThat(IpLiteral.parse("::1").map(IpLiteral::text)).contains("::1");
        assertThat(IpLiteral.parse("2001:db8:0:0:1:0:0:1").map(IpLiteral::text)).contains("2001:db8::1:0:0:1");
        assertThat(IpLiteral.parse("2001:DB8::").map(IpLiteral::text)).contains("2001:db8::");
        for (String none :
                List.of("", "1.2.3", "1.2.3.256", "1.2.3.4.", "1.2.3.4x", "a.b.c.d", ":", "fe80::1%eth0", "[")) {
            assertThat(IpLiteral.parse(none)).as(none).isEmpty();
        }
    }

    private static List<String> servers(String variable, Path conf) {
        Environment environment =
                variable.isEmpty() ? Environment.empty() : Environment.of(Map.of("DNSCACHEIP", variable));
        return DnsServers.configured(environment, conf).stream()
                .map(InetSocketAddress::getAddress)
                .map(IpLiteral::text)
                .toList();
    }

    private DnsResolver resolver(ZoneServer... servers) {
        List<InetSocketAddress> addresses =
                List.of(servers).stream().map(ZoneServer::address).toList();
        InstantSource clock = () -> Instant.ofEpochSecond(now.get());
        return new DnsResolver(() -> addresses, SHORT, clock);
    }

    private static ZoneServer answering(String... records) throws IOException {
        return new ZoneServer(answer -> with(answer, records));
    }

    private static Message rcode(Message answer, int rcode) {
        answer.getHeader().setRcode(rcode);
        return answer;
    }

    private static Message with(Message answer, String... records) {
        for (String record : records) {
            answer.addRecord(record(record), Section.ANSWER);
        }
        return answer;
    }

    /** Name, seconds, IN, type, and the rest in the form of a zone file. */
    private static Record record(String line) {
        String[] parts = line.split(" ", 5);
        try {
            return Record.fromString(
                    org.xbill.DNS.Name.fromString(parts[0]),
                    Type.value(parts[3]),
                    DClass.IN,
                    Long.parseLong(parts[1]),
                    parts[4],
                    org.xbill.DNS.Name.root);
        } catch (TextParseException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
