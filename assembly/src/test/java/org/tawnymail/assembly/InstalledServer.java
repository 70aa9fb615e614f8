package org.tawnymail.assembly;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The processes of an installed system, from qmail-start to the end of qmail-send. Its log comes on its descriptor 1. */
final class InstalledServer implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Process process;
    private final Path output;

    private InstalledServer(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts it with a command that becomes qmail-send, and waits until qmail-send says how it stands. */
    static InstalledServer start(List<String> command) throws Exception {
        Path output = Files.createTempFile("tawny-installed", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        InstalledServer server = new InstalledServer(process, output);
        server.awaitLog("status: local 0/");
        return server;
    }

    /** The process id that was qmail-start's and is qmail-send's. */
    long pid() {
        return process.pid();
    }

    String log() {
        try {
            return Files.readString(output, ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitLog(String text) throws Exception {
        Await.until("in the log: " + text, LIMIT, () -> {
            if (log().contains(text)) {
                return true;
            }
            if (!process.isAlive()) {
                throw new AssertionError("the system ended: " + log());
            }
            return false;
        });
    }

    void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, String.valueOf(pid())).start().waitFor();
    }

    /** Ends it with TERM and gives the exit code. */
    int stop() throws Exception {
        signal("TERM");
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("qmail-send did not end: " + log());
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        process.onExit().join();
        Files.delete(output);
    }
}
