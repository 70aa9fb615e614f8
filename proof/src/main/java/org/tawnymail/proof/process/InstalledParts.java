package org.tawnymail.proof.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.tawnymail.harness.PrivateMachine;

/**
 * The processes of an installed system in a machine of its own: those that {@code qmail-start} begins, and {@code tcpserver}
 * with {@code qmail-smtpd}. What has ended can be started again, as supervise would do.
 */
final class InstalledParts implements AutoCloseable {

    /** What can be killed, by the name that is in its command line. */
    enum Part {
        QMAIL_SEND("qmail-send"),
        QMAIL_LSPAWN("qmail-lspawn"),
        QMAIL_RSPAWN("qmail-rspawn"),
        TCPSERVER("tcpserver");

        private final String program;

        Part(String program) {
            this.program = program;
        }

        @Override
        public String toString() {
            return program;
        }
    }

    private static final List<String> AS_QMAILD =
            List.of("setpriv", "--reuid=qmaild", "--regid=nofiles", "--clear-groups", "--");

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final PrivateMachine machine;
    private final Path logs;
    private final List<Path> written = new ArrayList<>();
    private final int smtpPort = Sink.deadPort();
    private Optional<Process> send = Optional.empty();
    private Optional<Process> smtp = Optional.empty();

    /** @param logs a directory for what they print */
    InstalledParts(PrivateMachine machine, Path logs) throws IOException {
        this.machine = machine;
        this.logs = logs;
    }

    InetSocketAddress smtp() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), smtpPort);
    }

    /** Starts whatever does not run, and waits until it is ready. */
    void start() throws IOException, InterruptedException {
        if (send.filter(Process::isAlive).isEmpty()) {
            Path log = log("send");
            send = Optional.of(run(log, List.of(bin("qmail-start"), "./Maildir/")));
            await("qmail-send", send.get(), log, "status: local ");
        }
        if (smtp.filter(Process::isAlive).isEmpty()) {
            Path log = log("smtp");
            List<String> command = new ArrayList<>(AS_QMAILD);
            command.addAll(List.of(bin("tcpserver"), "-1HRl0", "127.0.0.1", Integer.toString(smtpPort)));
            command.add(bin("qmail-smtpd"));
            smtp = Optional.of(run(log, command));
            await("tcpserver", smtp.get(), log, Integer.toString(smtpPort));
        }
    }

    /** SIGKILL for one part; returns when it is gone, and qmail-send with it if it cannot live without it. */
    void kill(Part part) throws IOException, InterruptedException {
        ProcessHandle process = process(part);
        process.destroyForcibly();
        process.onExit().join();
        if (part != Part.TCPSERVER && !send.orElseThrow().waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException("qmail-send lives on without " + part);
        }
    }

    void alarm() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-ALRM", Long.toString(send.orElseThrow().pid()))
                .start()
                .waitFor();
    }

    /** Ends qmail-send in order; its exit code. */
    int stop() throws IOException, InterruptedException {
        Process process = send.orElseThrow();
        process.destroy();
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException("qmail-send does not end");
        }
        return process.exitValue();
    }

    /** All that was printed so far. */
    List<Path> logs() {
        return List.copyOf(written);
    }

    private ProcessHandle process(Part part) throws IOException {
        return switch (part) {
            case QMAIL_SEND -> send.orElseThrow().toHandle();
            case TCPSERVER -> smtp.orElseThrow().toHandle();
            case QMAIL_LSPAWN, QMAIL_RSPAWN -> child(part);
        };
    }

    private ProcessHandle child(Part part) throws IOException {
        try (Stream<ProcessHandle> children = send.orElseThrow().toHandle().children()) {
            for (ProcessHandle child : children.toList()) {
                Path words = Path.of("/proc", Long.toString(child.pid()), "cmdline");
                if (Files.readString(words, StandardCharsets.ISO_8859_1).contains("\0" + part.program)) {
                    return child;
                }
            }
        }
        throw new IOException("qmail-send has no " + part.program);
    }

    private Process run(Path log, List<String> command) throws IOException {
        List<String> whole = new ArrayList<>(List.of("env", "-", "PATH=" + machine.home() + "/bin:/usr/bin:/bin"));
        whole.add("RELAYCLIENT=");
        whole.addAll(command);
        return new ProcessBuilder(machine.command(whole))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static void await(String name, Process process, Path log, String word)
            throws IOException, InterruptedException {
        long looks = LIMIT.dividedBy(BETWEEN_LOOKS);
        for (long i = 0; i < looks; i++) {
            String said = Files.readString(log, StandardCharsets.ISO_8859_1);
            if (said.contains(word)) {
                return;
            }
            if (!process.isAlive()) {
                throw new IOException(name + " ended with " + process.exitValue() + ": " + said);
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
        throw new IOException(name + " is not ready after " + LIMIT.toSeconds() + " s");
    }

    private Path log(String name) throws IOException {
        Path log = Files.createTempFile(logs, name, ".log");
        written.add(log);
        return log;
    }

    private String bin(String program) {
        return machine.home().resolve("bin").resolve(program).toString();
    }

    @Override
    public void close() {
        send.ifPresent(process -> process.descendants().forEach(ProcessHandle::destroyForcibly));
        send.ifPresent(Process::destroyForcibly);
        smtp.ifPresent(Process::destroyForcibly);
    }
}
