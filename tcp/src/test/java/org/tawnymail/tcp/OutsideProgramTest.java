package org.tawnymail.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.LentSocket;
import org.tawnymail.base.posix.OpenFileInput;
import org.tawnymail.base.posix.SocketAddresses;
import org.tawnymail.base.process.ProgramCommands;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Lendable;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.program.ProgramTable;
import org.tawnymail.tcp.dns.Answer;
import org.tawnymail.tcp.dns.MailExchanger;
import org.tawnymail.tcp.dns.Resolver;

/** Programs that are not ours get the connection itself (companions spec, section 1.1). */
@Timeout(60)
final class OutsideProgramTest {

    /** An answer that is lost ends a test. */
    private static final int PATIENCE_MILLIS = 30_000;

    /** Tells what its descriptors are, asks, and answers: reading waits, as on any socket that is in order. */
    private static final String ASKING = """
            a=$(readlink /proc/$$/fd/0); b=$(readlink /proc/$$/fd/1)
            case $a in socket:*) [ "$a" = "$b" ] && echo one socket ;; *) echo other ;; esac
            read line; echo "heard $line"; exit 3""";

    @TempDir
    private Path directory;

    private static final Resolver NO_NAMES = naming(new Answer.NoSuchName<>());

    private Resolver resolver = NO_NAMES;
    private final Hearing err = new Hearing();
    private final Commands commands = new ProgramCommands(programs(), Path.of("/nowhere"));
    private @Nullable Listener listener;

    @AfterEach
    void close() {
        if (listener != null) {
            listener.close(Duration.ZERO);
        }
    }

    @Test
    void descriptors0And1AreTheSocketAndReadingWaits() throws Exception {
        serve("-v", "-HRl0", "127.0.0.1", "0", "sh", "-c", ASKING);
        assertThat(talk()).isEqualTo("one socket\nheard hello\n");
        err.when(log -> log.contains(" status 768\n"));
    }

    @Test
    void soDoesAProgramThatOneOfOursRuns() throws Exception {
        serve("-HRl0", "127.0.0.1", "0", "saying", "sh", "-c", ASKING);
        assertThat(talk()).isEqualTo("one socket\nheard hello\nended\n");
    }

    @Test
    void whatWasReadAheadIsNotLostButPutThroughAPipe() throws Exception {
        serve("-HRl0", "127.0.0.1", "0", "peeking", "sh", "-c", ASKING);
        try (Socket client = connect()) {
            client.getOutputStream().write(Octets.of("hello\n"));
            assertThat(Octets.text(client.getInputStream().readAllBytes())).isEqualTo("one socket\nheard hello\n");
        }
    }

    @Test
    void aChildThatStaysBehindKeepsTheConnection() throws Exception {
        serve("-HRl0", "127.0.0.1", "0", "sh", "-c", "exec 3<&0; { read line; echo \"heard $line\"; } <&3 & exit 0");
        try (Socket client = connect()) {
            client.getOutputStream().write(Octets.of("hello\n"));
            assertThat(Octets.text(client.getInputStream().readAllBytes())).isEqualTo("heard hello\n");
        }
    }

    @Test
    void tcpEnvFindsOutWhatItsDescriptor0Is() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            SocketAddresses ends =
                    new SocketAddresses((InetSocketAddress) accepted.getLocalSocketAddress(), (InetSocketAddress)
                            accepted.getRemoteSocketAddress());
            try (Lendable.Lease lease = LentSocket.of(ends).orElseThrow()) {
                InputStream stdin = new OpenFileInput(lease.fileNumber());
                Environment stale =
                        Environment.of(Map.of("TCPREMOTEHOST", "stale", "TCPREMOTEINFO", "stale", "X", "y"));
                assertThat(tcpEnv(stdin, stale, "-Rx", "-t5", "printenv"))
                        .isEqualTo("0 PROTO=TCP TCPLOCALIP=127.0.0.1 TCPLOCALPORT=" + server.getLocalPort()
                                + " TCPREMOTEIP=127.0.0.1 TCPREMOTEPORT=" + client.getLocalPort() + " X=y ");
                assertThat(tcpEnv(stdin, Environment.of(Map.of("PROTO", "TCP", "TCPREMOTEIP", "kept")), "printenv"))
                        .isEqualTo("0 PROTO=TCP TCPREMOTEIP=kept ");
                assertThat(tcpEnv(stdin, Environment.empty(), "-R", "/no/such/program"))
                        .isEqualTo("111 ");
                assertThat(tcpEnv(stdin, Environment.empty(), "-R")).isEqualTo("111 ");
            }
        }
        assertThat(tcpEnv(InputStream.nullInputStream(), Environment.empty(), "printenv"))
                .isEqualTo("111 ");
        try (OpenFileInput file = OpenFileInput.open(Path.of("/dev/null"))) {
            assertThat(tcpEnv(file, Environment.empty(), "printenv")).isEqualTo("111 ");
        }
    }

    @Test
    void tcpEnvPassesOverOptionsThatItDoesNotKnow() {
        InputStream none = InputStream.nullInputStream();
        Environment known = Environment.of(Map.of("PROTO", "TCP"));
        assertThat(tcpEnv(none, known, "-zQ", "-t", "5", "--", "printenv")).isEqualTo("0 PROTO=TCP ");
        assertThat(tcpEnv(none, known, "-t5x", "-rR9", "printenv")).isEqualTo("0 PROTO=TCP ");
    }

    @Test
    void tcpEnvSaysThatANameIsNotKnownJustNow() throws Exception {
        assertThat(remoteHost(new Answer.Temporary<>("no server"))).isEqualTo("softdnserror");
        assertThat(remoteHost(new Answer.Found<>(List.of("relay.far.test")))).isEqualTo("relay.far.test");
    }

    /** The TCPREMOTEHOST that tcp-env finds if the DNS names everybody so. */
    private String remoteHost(Answer<String> everybody) throws Exception {
        resolver = naming(everybody);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            assertThat(client.isConnected()).isTrue();
            SocketAddresses ends =
                    new SocketAddresses((InetSocketAddress) accepted.getLocalSocketAddress(), (InetSocketAddress)
                            accepted.getRemoteSocketAddress());
            try (Lendable.Lease lease = LentSocket.of(ends).orElseThrow()) {
                String said = tcpEnv(new OpenFileInput(lease.fileNumber()), Environment.empty(), "-R", "printenv");
                return said.replaceFirst(".* TCPREMOTEHOST=(\\S*) .*", "$1");
            }
        }
    }

    private static Resolver naming(Answer<String> everybody) {
        return new Resolver() {
            @Override
            public Answer<Inet4Address> a(String name) {
                return new Answer.NoSuchName<>();
            }

            @Override
            public Answer<Inet6Address> aaaa(String name) {
                return new Answer.NoSuchName<>();
            }

            @Override
            public Answer<MailExchanger> mx(String name) {
                return new Answer.NoSuchName<>();
            }

            @Override
            public Answer<String> ptr(InetAddress address) {
                return everybody;
            }

            @Override
            public Answer<String> txt(String name) {
                return new Answer.NoSuchName<>();
            }
        };
    }

    /** The exit code, and the variables that the program had. */
    private String tcpEnv(InputStream stdin, Environment environment, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Descriptors descriptors = Descriptors.none().with(0, stdin).with(1, out).with(2, err);
        TcpEnv program = new TcpEnv(commands, none -> resolver, new Ident(1));
        int code = program.run(new Call("tcp-env", List.of(arguments), environment, descriptors, directory));
        assertThat(err.text()).isEmpty();
        return code + " " + Octets.text(out.toByteArray());
    }

    private String talk() throws IOException {
        try (Socket client = connect()) {
            InputStream in = client.getInputStream();
            StringBuilder said = new StringBuilder();
            for (int octet = in.read(); octet != '\n'; octet = in.read()) {
                said.append((char) octet);
            }
            client.getOutputStream().write(Octets.of("hello\n"));
            return said.append('\n').append(Octets.text(in.readAllBytes())).toString();
        }
    }

    private Socket connect() throws IOException {
        Socket client = new Socket(
                InetAddress.ofLiteral("127.0.0.1"),
                Objects.requireNonNull(listener).port());
        client.setSoTimeout(PATIENCE_MILLIS);
        return client;
    }

    private void serve(String... arguments) throws IOException {
        Listener opened = new TcpServer(commands, none -> NO_NAMES, new Ident(1))
                .open(new Call(
                        "tcpserver",
                        List.of(arguments),
                        Environment.of(Map.of("PATH", "/usr/bin:/bin")),
                        Descriptors.none().with(2, err),
                        Path.of("/tmp")));
        opened.start();
        listener = opened;
    }

    private ProgramTable programs() {
        Map<String, Program> programs = Map.of(
                "printenv",
                call -> {
                    for (Map.Entry<String, String> variable :
                            call.environment().variables().entrySet()) {
                        call.stdout().write(Octets.of(variable.getKey() + "=" + variable.getValue() + " "));
                    }
                    return 0;
                },
                "saying",
                call -> {
                    Ending ending = commands.run(call.command(call.arguments()));
                    call.stdout().write(Octets.of(ending.equals(new Ending.Exited(3)) ? "ended\n" : "crashed\n"));
                    return 0;
                },
                "peeking",
                call -> {
                    PushbackInputStream ahead = new PushbackInputStream(call.stdin());
                    ahead.unread(ahead.read());
                    Descriptors rest = call.descriptors().with(0, ahead, call.stdout());
                    commands.run(call.command(call.arguments()).withDescriptors(rest));
                    return 0;
                });
        return new ProgramTable() {
            @Override
            public Optional<Program> find(String name) {
                return Optional.ofNullable(programs.get(name));
            }

            @Override
            public Set<String> names() {
                return programs.keySet();
            }
        };
    }
}
