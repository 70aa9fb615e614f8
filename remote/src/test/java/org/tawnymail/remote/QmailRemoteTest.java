package org.tawnymail.remote;

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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;

class QmailRemoteTest {

    private static final Path DIALOGUES = Path.of("src/test/resources/dialogues/program");

    @TempDir
    private Path home;

    private final FixedDns dns = new FixedDns();

    @BeforeEach
    void thisHostIsMe() throws IOException {
        Files.createDirectories(home.resolve("control"));
        control("me", "me.test");
    }

    static Stream<String> dialogues() throws IOException {
        try (Stream<Path> files = Files.list(DIALOGUES)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("dialogues")
    void itSpeaksWithHostsAsTheDialogueSays(String name) throws Exception {
        Dialogue dialogue = Dialogue.read(DIALOGUES.resolve(name));
        try (ScriptedHosts hosts = new ScriptedHosts(dialogue.hosts())) {
            dns.address("relay.test", dialogue.hosts().keySet().toArray(String[]::new));
            control("smtproutes", ":relay.test:" + hosts.port());
            for (Map.Entry<String, String> control : dialogue.controls().entrySet()) {
                control(control.getKey(), control.getValue());
            }
            List<String> arguments = new ArrayList<>(List.of("far.test", dialogue.sender()));
            arguments.addAll(dialogue.recipients());
            List<String> reports = run(dialogue.message(), arguments);
            hosts.followed();
            assertThat(reports).isEqualTo(dialogue.reports());
        }
    }

    @Test
    void ofManyRecipientsNoMoreAreSentAheadThanTheRepliesFitIn() throws Exception {
        List<String> script =
                new ArrayList<>(List.of("S220 mx.far.test", "CEHLO me.test", "S250-hi", "S250 PIPELINING"));
        List<String> arguments = new ArrayList<>(List.of("far.test", "ann@sender.test"));
        List<String> expected = new ArrayList<>();
        script.add("CMAIL FROM:<ann@sender.test>");
        int unanswered = 1;
        for (int i = 0; i < 120; i++) {
            arguments.add("r" + i + "@far.test");
            script.add("CRCPT TO:<r" + i + "@far.test>");
            expected.add("r");
            unanswered++;
            if (unanswered == 50) {
                script.addAll(Collections.nCopies(unanswered, "S250 ok"));
                unanswered = 0;
            }
        }
        script.add("CDATA");
        script.addAll(Collections.nCopies(unanswered, "S250 ok"));
        script.addAll(List.of("S354 go", "C", "C.", "S250 ok", "CQUIT"));
        expected.add("K127.0.0.1 accepted message.\nRemote host said: 250 ok");
        try (ScriptedHosts hosts = new ScriptedHosts(Map.of("127.0.0.1", List.of(script)))) {
            control("smtproutes", ":127.0.0.1:" + hosts.port());
            List<String> reports = run("\n", arguments);
            hosts.followed();
            assertThat(reports).isEqualTo(expected);
        }
    }

    @Test
    void withoutARecipientItWasInvokedImproperly() throws IOException {
        assertThat(run("\n", List.of("far.test", "ann@sender.test")))
                .containsExactly("DI (qmail-remote) was invoked improperly. (#5.3.5)");
    }

    @Test
    void withoutAHomeItCannotGoThere() throws IOException {
        home = home.resolve("nowhere");
        assertThat(run("\n", toBob())).containsExactly("ZUnable to switch to home directory. (#4.3.0)");
    }

    @Test
    void withoutANameToGiveTheControlFilesAreNotReadable() throws IOException {
        Files.delete(home.resolve("control/me"));
        assertThat(run("\n", toBob())).containsExactly("ZUnable to read control files. (#4.3.0)");
    }

    @Test
    void aRouteToNoRelayLetsTheMailWait() throws IOException {
        control("smtproutes", "far.test::2525");
        assertThat(run("\n", toBob())).containsExactly("ZUnable to read control files. (#4.3.0)");
    }

    @Test
    void aHostThatIsNotThereIsNamedInPrintableOctets() throws IOException {
        assertThat(run("\n", List.of("f\u00e4r test", "", "bob@f\u00e4r test")))
                .containsExactly("DSorry, I couldn't find any host named f?r?test. (#5.1.2)");
    }

    @Test
    void ofARouteTheRelayIsNamedThatIsNotThere() throws IOException {
        control("smtproutes", ":gone.test");
        dns.mx("far.test", "10 mx.far.test").address("mx.far.test", "198.51.100.1");
        assertThat(run("\n", toBob())).containsExactly("DSorry, I couldn't find any host named gone.test. (#5.1.2)");
    }

    @Test
    void aHostThatDidNotAnswerTwiceIsNotEvenTried() throws Exception {
        Path table = Files.createDirectories(home.resolve("queue/lock")).resolve("tcpto");
        byte[] dead = new byte[1024];
        int now = (int) (System.currentTimeMillis() / 1000);
        byte[] first = {127, 0, 0, 1, 2, 0, 0, 0, (byte) now, (byte) (now >> 8), (byte) (now >> 16), (byte) (now >> 24)
        };
        System.arraycopy(first, 0, dead, 0, first.length);
        Files.write(table, dead);
        try (ServerSocket listening = new ServerSocket(0)) {
            control("smtproutes", ":127.0.0.1:" + listening.getLocalPort());
            assertThat(run("\n", toBob()))
                    .containsExactly("ZSorry, I wasn't able to establish an SMTP connection. (#4.4.1)");
        }
        assertThat(table).hasBinaryContent(dead);
    }

    @Test
    void aRefusedConnectionIsAnAnswerAndClearsTheName() throws Exception {
        Path table = Files.createDirectories(home.resolve("queue/lock")).resolve("tcpto");
        byte[] suspect = new byte[1024];
        suspect[0] = 127;
        suspect[3] = 1;
        suspect[4] = 1;
        Files.write(table, suspect);
        try (Socket nobody = taken()) {
            control("smtproutes", ":127.0.0.1:" + nobody.getLocalPort());
            assertThat(run("\n", toBob()))
                    .containsExactly("ZSorry, I wasn't able to establish an SMTP connection. (#4.4.1)");
        }
        suspect[4] = 0;
        assertThat(table).hasBinaryContent(suspect);
    }

    @Test
    void aNameServerThatIsSilentLetsTheMailWait() throws IOException {
        dns.silentAboutMx("far.test");
        assertThat(run("\n", toBob())).containsExactly("ZSorry, I couldn't find any host by that name. (#4.1.2)");
    }

    @Test
    void aDomainThatTakesNoMailHasNoExchanger() throws IOException {
        dns.mx("far.test", "0 ");
        assertThat(run("\n", toBob()))
                .containsExactly("DSorry, I couldn't find a mail exchanger or IP address. (#5.4.4)");
    }

    @Test
    void mailForAnAddressOfThisHostIsNotSentInACircle() throws IOException {
        assertThat(run("\n", List.of("[0.0.0.0]", "", "bob@[0.0.0.0]")))
                .containsExactly("DSorry. Although I'm listed as a best-preference MX or A for that host,\n"
                        + "it isn't in my control/locals file, so I don't treat it as local. (#5.4.6)");
    }

    @Test
    void aPortWhereNobodyListensIsNoConnection() throws IOException {
        try (Socket nobody = taken()) {
            control("smtproutes", ":127.0.0.1:" + nobody.getLocalPort());
            assertThat(run("\n", toBob()))
                    .containsExactly("ZSorry, I wasn't able to establish an SMTP connection. (#4.4.1)");
        }
    }

    /** A port where nobody listens and, as long as this is open, nobody else can begin to. */
    private static Socket taken() throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        return socket;
    }

    @Test
    void aMessageThatCannotBeReadIsDeferred() throws IOException {
        InputStream broken = InputStream.nullInputStream();
        broken.close();
        assertThat(run(broken, toBob())).containsExactly("ZUnable to read message. (#4.3.0)");
    }

    @Test
    void anAddressCannotSmuggleACommand() throws IOException {
        assertThat(run("\n", List.of("far.test", "ann@a.test>\r\nRCPT TO:<x@y.test", "bob@far.test")))
                .containsExactly("DSorry, SMTP cannot express an address with a line end in it. (#5.1.3)");
    }

    private static List<String> toBob() {
        return List.of("far.test", "ann@sender.test", "bob@far.test");
    }

    private List<String> run(String message, List<String> arguments) throws IOException {
        return run(new ByteArrayInputStream(Octets.of(message)), arguments);
    }

    /** The records without their NUL and last line end. */
    private List<String> run(InputStream message, List<String> arguments) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Environment environment = Environment.empty().with(Home.VARIABLE, home.toString());
        Descriptors descriptors =
                Descriptors.none().with(0, message).with(1, out).with(2, new ByteArrayOutputStream());
        Call call = new Call("qmail-remote", arguments, environment, descriptors, home);
        int code = new QmailRemote(ours -> dns, InstantSource.system(), new Random(7)).run(call);
        assertThat(code).isZero();
        String text = Octets.text(out.toByteArray());
        assertThat(text).endsWith("\0");
        List<String> records = new ArrayList<>();
        for (String record : text.substring(0, text.length() - 1).split("\0", -1)) {
            records.add(record.endsWith("\n") ? record.substring(0, record.length() - 1) : record);
        }
        return records;
    }

    private void control(String name, String value) throws IOException {
        Files.write(home.resolve("control").resolve(name), Octets.of(value + "\n"));
    }
}
