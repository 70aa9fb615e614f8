package org.tawnymail.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.process.ProgramCommands;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.program.ProgramTable;
import org.tawnymail.tcp.dns.Answer;
import org.tawnymail.tcp.dns.MailExchanger;
import org.tawnymail.tcp.dns.Resolver;
import org.tawnymail.tcp.rules.Tcprules;

@Timeout(60)
final class TcpServerTest {

    @TempDir
    private Path directory;

    private final Hearing err = new Hearing();
    private final List<Listener> listeners = new ArrayList<>();
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, List<String>> addresses = new HashMap<>();
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final Map<String, Program> programs = new HashMap<>(Map.of(
            "printenv",
            call -> {
                StringBuilder text = new StringBuilder();
                call.environment()
                        .variables()
                        .forEach((name, value) ->
                                text.append(name).append('=').append(value).append('\n'));
                call.stdout().write(Octets.of(text.toString()));
                return 3;
            },
            "echo",
            call -> {
                call.stdin().transferTo(call.stdout());
                return 0;
            },
            "waiting",
            call -> {
                call.stdout().write('w');
                try {
                    mayEnd.await();
                    return 0;
                } catch (InterruptedException e) {
                    return 1;
                }
            }));

    @AfterEach
    void close() {
        mayEnd.countDown();
        listeners.forEach(listener -> listener.close(Duration.ZERO));
    }

    @Test
    void theProgramLearnsTheEndsOfTheConnection() throws Exception {
        names.put("127.0.0.1", "here.example");
        Listener listener =
                serve(Map.of("TCPREMOTEINFO", "stale", "OTHER", "kept"), "-R", "127.0.0.1", "0", "printenv");
        try (Socket client = connect(listener)) {
            assertThat(heard(client))
                    .isEqualTo("OTHER=kept\nPROTO=TCP\nTCPLOCALHOST=here.example\nTCPLOCALIP=127.0.0.1\nTCPLOCALPORT="
                            + listener.port() + "\nTCPREMOTEHOST=here.example\nTCPREMOTEIP=127.0.0.1\nTCPREMOTEPORT="
                            + client.getLocalPort() + "\n");
        }
    }

    @Test
    void whatIsNotLookedUpIsNotSet() throws Exception {
        names.put("127.0.0.1", "here.example");
        Listener listener = serve(Map.of(), "-HRl0", "127.0.0.1", "0", "printenv");
        assertThat(heard(connect(listener)))
                .contains("TCPLOCALHOST=0\n")
                .doesNotContain("TCPREMOTEHOST", "TCPREMOTEINFO");
    }

    @Test
    void overIpv6EachValueStandsUnderTwoNames() throws Exception {
        Listener listener = serve(Map.of(), "-HRl0", "::1", "0", "printenv");
        assertThat(heard(new Socket(InetAddress.ofLiteral("::1"), listener.port())))
                .contains("PROTO=TCP6\n", "TCP6REMOTEIP=::1\n", "TCPREMOTEIP=::1\n", "TCPLOCALIP=::1\n");
    }

    @Test
    void aNameThatDoesNotLeadBackIsForgottenByTheParanoid() throws Exception {
        names.put("127.0.0.1", "liar.example");
        addresses.put("liar.example", List.of("192.0.2.1"));
        Listener listener = serve(Map.of(), "-pRl0", "127.0.0.1", "0", "printenv");
        assertThat(heard(connect(listener))).doesNotContain("TCPREMOTEHOST");
        addresses.put("liar.example", List.of("192.0.2.1", "127.0.0.1"));
        assertThat(heard(connect(listener))).contains("TCPREMOTEHOST=liar.example\n");
    }

    @Test
    void theIdentServerOfThePeerIsAsked() throws Exception {
        AtomicReference<String> question = new AtomicReference<>("");
        try (ServerSocket identd = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            Thread.ofVirtual().start(() -> {
                try (Socket asking = identd.accept()) {
                    byte[] buffer = new byte[100];
                    question.set(Octets.text(buffer, 0, asking.getInputStream().read(buffer)));
                    asking.getOutputStream().write(Octets.of("1 , 2 : USERID : UNIX : an n:\tx\r\n"));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            Listener listener = serve(new Ident(identd.getLocalPort()), Map.of(), "-Hl0", "127.0.0.1", "0", "printenv");
            try (Socket client = connect(listener)) {
                assertThat(heard(client)).contains("TCPREMOTEINFO=ann:x\n");
                assertThat(question.get()).isEqualTo(client.getLocalPort() + " , " + listener.port() + "\r\n");
            }
        }
    }

    @Test
    void aSilentIdentServerIsNotWaitedForLongerThanTheLimit() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            Listener listener =
                    serve(new Ident(silent.getLocalPort()), Map.of(), "-Hl0", "-t", "0", "127.0.0.1", "0", "printenv");
            assertThat(heard(connect(listener))).contains("PROTO=TCP").doesNotContain("TCPREMOTEINFO");
        }
    }

    @Test
    void identAnswersAreReadByTheirThirdColon() {
        assertThat(Ident.value("1,2:USERID:UNIX:ann\r", 257)).isEqualTo("ann");
        assertThat(Ident.value("1,2:ERROR:NO-USER", 257)).isEmpty();
        assertThat(Ident.value("", 257)).isEmpty();
        assertThat(Ident.value("a:b:c:" + "x".repeat(999), 257)).hasSize(257);
    }

    @Test
    void theLogTellsTheLifeOfAConnection() throws Exception {
        names.put("127.0.0.1", "a:b%c\001" + "x".repeat(100));
        Listener listener = serve(Map.of(), "-vR", "-l", "mail.corp.example", "-c", "5", "127.0.0.1", "0", "printenv");
        Socket client = connect(listener);
        assertThat(heard(client)).contains("PROTO");
        String log = err.when(text -> text.endsWith("status: 0/5\n") && text.contains(" end "));
        String pid = log.replaceAll("(?s).*tcpserver: pid (\\d+) from 127.0.0.1\n.*", "$1");
        assertThat(log)
                .isEqualTo("tcpserver: status: 0/5\ntcpserver: status: 1/5\ntcpserver: pid " + pid
                        + " from 127.0.0.1\ntcpserver: ok " + pid + " mail.corp.example:127.0.0.1:" + listener.port()
                        + " a?b?c?" + "x".repeat(94) + "...:127.0.0.1::" + client.getLocalPort() + "\ntcpserver: end "
                        + pid + " status 768\ntcpserver: status: 0/5\n");
    }

    @Test
    void aDeniedConnectionClosesWithoutAWord() throws Exception {
        rules("127.:deny,X=\"y\"\n");
        Listener listener = serve(Map.of(), "-vHRl0", "-x", "rules.cdb", "127.0.0.1", "0", "printenv");
        assertThat(heard(connect(listener))).isEmpty();
        assertThat(err.when(text -> text.contains(" end ")))
                .contains("tcpserver: deny ")
                .contains(" status 25600\n");
    }

    @Test
    void aRuleSetsVariablesAndMayOverrideThoseOfTheConnection() throws Exception {
        rules("127.0.0.1:allow,RELAYCLIENT=\"\",TCPREMOTEINFO=\"rule\",TCPREMOTEHOST=\"alias\"\n");
        Listener listener = serve(Map.of(), "-vHRl0", "-x", "rules.cdb", "127.0.0.1", "0", "printenv");
        assertThat(heard(connect(listener)))
                .contains("RELAYCLIENT=\n", "TCPREMOTEINFO=rule\n", "TCPREMOTEHOST=alias\n");
        assertThat(err.when(text -> text.contains(" end ")))
                .contains(" :127.0.0.1::")
                .doesNotContain("alias");
    }

    @Test
    void newRulesCountFromTheNextConnectionOn() throws Exception {
        rules("127.:deny\n");
        Listener listener = serve(Map.of(), "-HRl0", "-x", "rules.cdb", "127.0.0.1", "0", "printenv");
        assertThat(heard(connect(listener))).isEmpty();
        rules("127.:allow,NEW=\"1\"\n");
        assertThat(heard(connect(listener))).contains("NEW=1\n");
    }

    @Test
    void withoutItsRulesFileAServerLetsNobodyIn() throws Exception {
        Listener listener = serve(Map.of(), "-HRl0", "-x", "none.cdb", "127.0.0.1", "0", "printenv");
        assertThat(heard(connect(listener))).isEmpty();
        assertThat(err.when(text -> text.endsWith("\n")))
                .isEqualTo("tcpserver: warning: dropping connection, unable to read none.cdb: file does not exist\n");
    }

    @Test
    void aMissingRulesFileMayBeAllowedButNotABrokenOne() throws Exception {
        Listener listener = serve(Map.of(), "-XHRl0", "-x", "rules.cdb", "127.0.0.1", "0", "printenv");
        assertThat(heard(connect(listener))).contains("PROTO");
        Files.writeString(directory.resolve("rules.cdb"), "no cdb");
        assertThat(heard(connect(listener))).isEmpty();
        assertThat(err.when(text -> text.endsWith("\n")))
                .startsWith("tcpserver: warning: dropping connection, unable to read rules.cdb: ");
    }

    @Test
    void theBannerComesBeforeEverything() throws Exception {
        Listener listener = serve(Map.of(), "-HRl0", "-B", "hello ", "127.0.0.1", "0", "printenv");
        assertThat(heard(connect(listener))).startsWith("hello PROTO=");
    }

    @Test
    void noMoreThanTheLimitAreServedAtOnce() throws Exception {
        Listener listener = serve(Map.of(), "-vHRl0", "-c", "2", "127.0.0.1", "0", "waiting");
        try (Socket first = connect(listener);
                Socket second = connect(listener);
                Socket third = connect(listener)) {
            assertThat(first.getInputStream().read()).isEqualTo('w');
            assertThat(second.getInputStream().read()).isEqualTo('w');
            third.setSoTimeout(100);
            assertThatThrownBy(() -> third.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            mayEnd.countDown();
            third.setSoTimeout(20_000);
            assertThat(third.getInputStream().read()).isEqualTo('w');
        }
        assertThat(err.text()).contains("status: 2/2").doesNotContain("status: 3/2");
    }

    @Test
    void aProgramThatIsNotThereDropsTheConnection() throws Exception {
        Listener listener = serve(Map.of(), "-vHRl0", "127.0.0.1", "0", "nothing-of-that-name");
        assertThat(heard(connect(listener))).isEmpty();
        assertThat(err.when(text -> text.contains(" end ")))
                .contains("tcpserver: warning: dropping connection, unable to run nothing-of-that-name:"
                        + " file does not exist\n")
                .contains(" status 28416\n");
    }

    @Test
    void aDefectCostsOneConnectionAndOneLine() throws Exception {
        names.put("127.0.0.1", "a defect");
        Listener listener = serve(Map.of(), "-Rl0", "127.0.0.1", "0", "printenv");
        assertThat(heard(connect(listener))).isEmpty();
        assertThat(err.when(text -> text.endsWith("\n")))
                .isEqualTo("tcpserver: warning: dropping connection, internal error:"
                        + " java.lang.IllegalStateException: a defect\n");
        names.clear();
        assertThat(heard(connect(listener))).contains("PROTO=TCP");
    }

    @Test
    void anOutsideProgramHasTheConnectionOnItsDescriptors() throws Exception {
        Listener listener = serve(Map.of(), "-HRl0", "127.0.0.1", "0", "/bin/sh", "-c", "read x; echo \"$PROTO $x\"");
        try (Socket client = connect(listener)) {
            client.getOutputStream().write(Octets.of("ping\n"));
            assertThat(heard(client)).isEqualTo("TCP ping\n");
        }
    }

    @Test
    void theLastWordReachesAPeerWhoIsStillTalking() throws Exception {
        programs.put("brusque", call -> {
            call.stdout().write(Octets.of("451 enough\r\n"));
            return 1;
        });
        Listener listener = serve(Map.of(), "-HRl0", "127.0.0.1", "0", "brusque");
        try (Socket client = connect(listener)) {
            client.getOutputStream().write(new byte[50_000]);
            assertThat(client.getInputStream().read()).isEqualTo('4');
            client.getOutputStream().write(new byte[50_000]);
            assertThat(heard(client)).isEqualTo("51 enough\r\n");
        }
    }

    @Test
    void aClosedServerLetsConnectionsEndAndThenBreaksThem() throws Exception {
        Listener patient = serve(Map.of(), "-HRl0", "127.0.0.1", "0", "echo");
        Socket talking = connect(patient);
        talking.getOutputStream().write('x');
        assertThat(talking.getInputStream().read()).isEqualTo('x');
        Thread closing = Thread.ofVirtual().start(() -> patient.close(Duration.ofSeconds(30)));
        talking.getOutputStream().write('y');
        assertThat(talking.getInputStream().read()).isEqualTo('y');
        talking.shutdownOutput();
        closing.join();
        assertThatThrownBy(() -> connect(patient)).isInstanceOf(IOException.class);

        Listener brusque = serve(Map.of(), "-vHRl0", "127.0.0.1", "0", "waiting");
        Socket broken = connect(brusque);
        assertThat(broken.getInputStream().read()).isEqualTo('w');
        brusque.close(Duration.ZERO);
        assertThat(err.text()).endsWith("tcpserver: status: 0/40\n");
    }

    @Test
    void theProgramPrintsItsPortAndServesUntilItIsInterrupted() throws Exception {
        Hearing out = new Hearing();
        Call call = call(Map.of(), "-1HRl0", "127.0.0.1", "0", "printenv");
        AtomicReference<Integer> code = new AtomicReference<>(-1);
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                code.set(server(new Ident())
                        .run(call.withDescriptors(call.descriptors().with(1, out))));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        int port = Integer.parseInt(out.when(text -> text.endsWith("\n")).strip());
        assertThat(heard(new Socket(InetAddress.getLoopbackAddress(), port))).contains("TCPLOCALPORT=" + port + "\n");
        thread.interrupt();
        thread.join();
        assertThat(code.get()).isZero();
    }

    @Test
    void wrongUsageIsSaidInOneLine() {
        String usage = "tcpserver: usage: tcpserver [ -1UXpPhHrRoOdDqQv ] [ -c limit ] [ -x rules.cdb ] [ -B banner ]"
                + " [ -g gid ] [ -u uid ] [ -b backlog ] [ -l localname ] [ -t timeout ] host port program";
        assertComplaint(100, usage, "127.0.0.1", "0");
        assertComplaint(100, "tcpserver: illegal option -- z\n" + usage, "-z", "127.0.0.1", "0", "printenv");
        assertComplaint(100, "tcpserver: option requires an argument -- c\n" + usage, "-c");
    }

    @Test
    void whatKeepsTheServerFromStartingIsSaidInOneLine() throws Exception {
        assertComplaint(111, "tcpserver: fatal: unable to figure out port number for 25x", "0", "25x", "printenv");
        assertComplaint(111, "tcpserver: fatal: unable to figure out port number for 65536", "0", "65536", "printenv");
        assertComplaint(111, "tcpserver: fatal: no IP address for none.example", "none.example", "0", "printenv");
        assertComplaint(
                111,
                "tcpserver: fatal: temporarily unable to figure out IP address for slow.example: timed out",
                "slow.example",
                "0",
                "printenv");
        assertComplaint(111, "tcpserver: fatal: unable to bind: address not available", "192.0.2.1", "0", "printenv");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            String port = Integer.toString(taken.getLocalPort());
            assertComplaint(
                    111, "tcpserver: fatal: unable to bind: address already used", "127.0.0.1", port, "printenv");
            int code = server(new Ident()).run(call(Map.of(), "-q", "127.0.0.1", port, "printenv"));
            assertThat(code).isEqualTo(111);
            assertThat(err.text()).isEmpty();
        }
    }

    @Test
    void aHostIsANameOrAnAddress() throws Exception {
        addresses.put("here.example", List.of("127.0.0.1"));
        Listener listener = serve(Map.of(), "-HRl0", "here.example", "0", "printenv");
        assertThat(listener.address().getAddress()).isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
        assertThat(serve(Map.of(), "-HRl0", "0", "0", "printenv")
                        .address()
                        .getAddress()
                        .isAnyLocalAddress())
                .isTrue();
    }

    @Test
    void portsHaveNumbersAndNames() throws IOException {
        Path services = directory.resolve("services");
        Files.writeString(services, "# none\nx x/tcp\nmine 99/udp\nmine 77/tcp my # 1\nsmtp 2525/tcp mail\n");
        assertThat(Ports.port("0", services)).hasValue(0);
        assertThat(Ports.port("65535", services)).hasValue(65535);
        assertThat(Ports.port("mine", services)).hasValue(77);
        assertThat(Ports.port("my", services)).hasValue(77);
        assertThat(Ports.port("mail", services)).hasValue(2525);
        assertThat(Ports.port("qmtp", services)).hasValue(209);
        assertThat(Ports.port("smtp", directory.resolve("none"))).hasValue(25);
        for (String none : List.of("", "x", "99999999999", "-1", "1 ")) {
            assertThat(Ports.port(none, services)).as(none).isEmpty();
        }
    }

    private void assertComplaint(int code, String line, String... arguments) {
        assertThatThrownBy(() -> server(new Ident()).run(call(Map.of(), arguments)))
                .isInstanceOfSatisfying(Complaint.class, complaint -> {
                    assertThat(complaint.line()).isEqualTo(line);
                    assertThat(complaint.exitCode()).isEqualTo(code);
                });
    }

    private Listener serve(Map<String, String> environment, String... arguments) throws IOException {
        return serve(new Ident(1), environment, arguments);
    }

    private Listener serve(Ident ident, Map<String, String> environment, String... arguments) throws IOException {
        Listener listener = server(ident).open(call(environment, arguments));
        listeners.add(listener);
        listener.start();
        return listener;
    }

    private TcpServer server(Ident ident) {
        ProgramTable table = new ProgramTable() {
            @Override
            public Optional<Program> find(String name) {
                return Optional.ofNullable(programs.get(name));
            }

            @Override
            public Set<String> names() {
                return programs.keySet();
            }
        };
        return new TcpServer(
                new ProgramCommands(table, directory.resolve("bin")), environment -> new NamesOfTheTest(), ident);
    }

    private Call call(Map<String, String> environment, String... arguments) {
        return new Call(
                "tcpserver",
                List.of(arguments),
                Environment.of(environment),
                Descriptors.none().with(2, err),
                directory);
    }

    private void rules(String text) throws IOException {
        new Tcprules()
                .run(new Call(
                        "tcprules",
                        List.of("rules.cdb", "rules.tmp"),
                        Environment.empty(),
                        Descriptors.none().with(0, new ByteArrayInputStream(Octets.of(text))),
                        directory));
    }

    private static Socket connect(Listener listener) throws IOException {
        return new Socket(InetAddress.ofLiteral("127.0.0.1"), listener.port());
    }

    /** All that the server says until it closes; then the client closes too. */
    private static String heard(Socket client) throws IOException {
        try (client) {
            return Octets.text(client.getInputStream().readAllBytes());
        }
    }

    /** Answers from the tables of the test; one name is always slow. */
    private final class NamesOfTheTest implements Resolver {

        @Override
        public Answer<Inet4Address> a(String name) {
            if (name.equals("slow.example")) {
                return new Answer.Temporary<>("timed out");
            }
            List<String> known = addresses.getOrDefault(name, List.of());
            return known.isEmpty()
                    ? new Answer.NoSuchName<>()
                    : new Answer.Found<>(known.stream()
                            .map(text -> (Inet4Address) InetAddress.ofLiteral(text))
                            .toList());
        }

        @Override
        public Answer<Inet6Address> aaaa(String name) {
            return new Answer.NoData<>();
        }

        @Override
        public Answer<MailExchanger> mx(String name) {
            return new Answer.NoData<>();
        }

        @Override
        public Answer<String> ptr(InetAddress address) {
            String name = names.get(address.getHostAddress());
            if (Objects.equals(name, "a defect")) {
                throw new IllegalStateException(name);
            }
            return name == null ? new Answer.NoSuchName<>() : new Answer.Found<>(List.of(name));
        }

        @Override
        public Answer<String> txt(String name) {
            return new Answer.NoData<>();
        }
    }
}
