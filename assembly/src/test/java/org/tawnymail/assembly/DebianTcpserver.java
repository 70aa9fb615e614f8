package org.tawnymail.assembly;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.tawnymail.harness.PrivateMachine;

/** The tcpserver of Debian's package ucspi-tcp, running a program for each connection. */
final class DebianTcpserver implements AutoCloseable {

    private static final Path TCPSERVER = Path.of("/usr/bin/tcpserver");
    private static final Path TCPRULES = Path.of("/usr/bin/tcprules");
    private static final long INSTALL_LIMIT_SECONDS = 300;
    private static final int READ_LIMIT_MILLIS = 60_000;

    private final Process process;
    private final int port;

    private DebianTcpserver(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Installs the package if this is root's Debian and it is missing; tests that cannot have it are skipped. */
    static void mustBeThere() throws Exception {
        if (Files.isExecutable(TCPSERVER)) {
            return;
        }
        if (!Files.isExecutable(Path.of("/usr/bin/apt-get"))
                || !System.getProperty("user.name").equals("root")) {
            abort("needs /usr/bin/tcpserver: apt-get install ucspi-tcp");
        }
        Process install = new ProcessBuilder("sh", "-c", "apt-get update -qq && apt-get install -y -qq ucspi-tcp")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!install.waitFor(INSTALL_LIMIT_SECONDS, TimeUnit.SECONDS) || !Files.isExecutable(TCPSERVER)) {
            install.destroyForcibly();
            abort("needs /usr/bin/tcpserver, and apt-get install ucspi-tcp failed");
        }
    }

    /** Compiles rules with Debian's tcprules. */
    static Path rules(Path directory, String name, String rules) throws Exception {
        Path database = directory.resolve(name + ".cdb");
        Installation.Result result = Installation.run(
                directory,
                Map.of(),
                rules.getBytes(StandardCharsets.ISO_8859_1),
                List.of(TCPRULES.toString(), database.toString(), database + ".tmp"));
        if (result.exitCode() != 0) {
            throw new AssertionError("tcprules: " + result.errors());
        }
        return database;
    }

    /** Serves on a port of the system's choice, as the user whom the mailboxes of the home belong to. */
    static DebianTcpserver start(Path home, Path rules, String... program) throws IOException {
        List<String> options = new ArrayList<>(List.of("-x", rules.toString()));
        if (System.getProperty("user.name").equals("root")) {
            Path mailboxes = home.resolve("mailboxes");
            options.add("-u" + Files.getAttribute(mailboxes, "unix:uid"));
            options.add("-g" + Files.getAttribute(mailboxes, "unix:gid"));
        }
        return start(home, command(options, List.of(program)));
    }

    /** Serves everybody in a private machine, as root. */
    static DebianTcpserver startAsRoot(PrivateMachine machine, List<String> program) throws IOException {
        return start(machine.home(), machine.command(command(List.of(), program)));
    }

    private static List<String> command(List<String> options, List<String> program) {
        List<String> command = new ArrayList<>(List.of(TCPSERVER.toString(), "-1", "-HRl0"));
        command.addAll(options);
        command.addAll(List.of("127.0.0.1", "0"));
        command.addAll(program);
        return command;
    }

    private static DebianTcpserver start(Path home, List<String> command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(home.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("TAWNY_HOME", home.toString());
        Process process = builder.start();
        String port = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.ISO_8859_1))
                .readLine();
        if (port == null) {
            process.destroyForcibly();
            throw new AssertionError("tcpserver ended at once");
        }
        return new DebianTcpserver(process, Integer.parseInt(port));
    }

    int port() {
        return port;
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
        socket.setSoTimeout(READ_LIMIT_MILLIS);
        return socket;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
