package org.tawnymail.assembly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code tawny serve} as a process of its own, driven over its sockets and signals. */
final class ServerProcess implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(1);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(1);
    private static final Pattern READY = Pattern.compile("(?m)^ready$");

    private final Path home;
    private final Process process;
    private final Path output;

    private ServerProcess(Path home, Process process, Path output) {
        this.home = home;
        this.process = process;
        this.output = output;
    }

    /** Starts on a home, with ports that the system chooses, and waits until it is ready. */
    static ServerProcess start(Path home, String... options) throws Exception {
        return start(home, Map.of(), options);
    }

    static ServerProcess start(Path home, Map<String, String> environment, String... options) throws Exception {
        Path output = Files.createTempFile("tawny-serve", ".log");
        List<String> command = new ArrayList<>(List.of(
                Installation.shared().launcher().toString(),
                "serve",
                "--home",
                home.toString(),
                "--smtp-port",
                "0",
                "--pop3-port",
                "0"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .directory(Path.of("/tmp").toFile());
        builder.environment().putAll(environment);
        ServerProcess server = new ServerProcess(home, builder.start(), output);
        Await.until("the server is ready", START_LIMIT, () -> {
            if (!server.process.isAlive()) {
                throw new AssertionError("the server ended: " + server.printed());
            }
            return READY.matcher(server.printed()).find();
        });
        return server;
    }

    Path home() {
        return home;
    }

    long pid() {
        return process.pid();
    }

    /** Everything it printed so far: its greeting and the delivery log. */
    String printed() {
        try {
            return Files.readString(output, java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    int smtpPort() {
        return Integer.parseInt(find("(?m)^SMTP .*:(\\d+)$").orElseThrow());
    }

    int pop3Port() {
        return Integer.parseInt(find("(?m)^POP3 .*:(\\d+)$").orElseThrow());
    }

    /** The password of the first mailbox, which only the first start prints. */
    Optional<String> password() {
        return find("(?m)^mailbox \\S+@\\S+ password (\\S+)$");
    }

    /** The files that stand in {@code new/} of a mailbox, the latest last. Names do not tell that within a second. */
    List<Path> delivered(String mailbox) throws IOException {
        Path fresh = home.resolve("mailboxes").resolve(mailbox).resolve("Maildir/new");
        Map<Path, FileTime> times = new HashMap<>();
        try (Stream<Path> files = Files.list(fresh)) {
            for (Path file : files.toList()) {
                times.put(file, Files.getLastModifiedTime(file));
            }
        }
        return times.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .toList();
    }

    void awaitDelivered(String mailbox, int count) throws Exception {
        Await.until(
                count + " messages for " + mailbox + " in\n" + printed(),
                Duration.ofMinutes(1),
                () -> delivered(mailbox).size() >= count);
    }

    void awaitLog(String line) throws Exception {
        Await.until("log line " + line, Duration.ofMinutes(1), () -> printed().contains(line));
    }

    /** The end of the world: SIGKILL. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    /** Ends it as Ctrl-C would and gives its exit code. */
    int stop() throws Exception {
        signal("TERM");
        if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the server did not stop: " + printed());
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        kill();
        Files.delete(output);
    }

    private Optional<String> find(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(printed());
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
