package org.tawnymail.assembly;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * This machine with an {@code /etc} of its own: a mount namespace in which accounts can be made that nobody else sees. Only
 * root can have one, and not in every container.
 */
final class PrivateMachine implements AutoCloseable {

    private static final long LIMIT_SECONDS = 20;

    /** Where qmail is installed already, its accounts have homes that are no business of a test. */
    private static final String WITHOUT_QMAIL = "sed -i -E '/^(alias|qmail|qmail[dlpqrs]|nofiles):/d'"
            + " $(ls /etc/passwd /etc/shadow /etc/group /etc/gshadow 2>/dev/null)";

    private final Path directory;
    private final Process holder;

    private PrivateMachine(Path directory, Process holder) {
        this.directory = directory;
        this.holder = holder;
    }

    /** A machine, or nothing where that is impossible. */
    static Optional<PrivateMachine> make() throws Exception {
        Path directory = Installation.publicDirectory("tawny-machine");
        Path etc = directory.resolve("etc");
        Process holder = new ProcessBuilder(
                        "unshare",
                        "-m",
                        "sh",
                        "-c",
                        "cp -a /etc " + etc + " && mount --bind " + etc + " /etc && " + WITHOUT_QMAIL
                                + " && echo ready && exec sleep 3600")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        byte[] said = holder.getInputStream().readNBytes("ready".length());
        PrivateMachine machine = new PrivateMachine(directory, holder);
        if (!new String(said, ISO_8859_1).equals("ready")) {
            machine.close();
            return Optional.empty();
        }
        return Optional.of(machine);
    }

    /** A folder that every account of the machine can reach; removed with the machine. */
    Path directory() {
        return directory;
    }

    /** Where the mail system is, or will be, installed. */
    Path home() {
        return directory.resolve("qmail");
    }

    /** A command line that runs another one in the machine, in the same process. */
    List<String> command(List<String> command) {
        List<String> inside = new ArrayList<>(List.of("nsenter", "-m", "-t", String.valueOf(holder.pid()), "--"));
        inside.addAll(command);
        return inside;
    }

    /** Runs a command as root. */
    Installation.Result run(Map<String, String> environment, String input, List<String> command) throws Exception {
        return Installation.run(home(), environment, input.getBytes(ISO_8859_1), command(command));
    }

    /** Runs a command as root that must succeed; gives what it printed. */
    String run(String... command) throws Exception {
        Installation.Result result = run(Map.of(), "", List.of(command));
        if (result.exitCode() != 0) {
            throw new AssertionError(List.of(command) + " ended with " + result.exitCode() + ": " + result.errors());
        }
        return result.text();
    }

    /** A command as an account of the machine, with its main group alone. */
    static List<String> as(String account, List<String> command) {
        List<String> changed =
                new ArrayList<>(List.of("setpriv", "--reuid=" + account, "--regid=" + account, "--clear-groups", "--"));
        changed.addAll(command);
        return changed;
    }

    @Override
    public void close() throws IOException {
        holder.destroyForcibly();
        try {
            if (!holder.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the holder of the namespace does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (Files.exists(directory)) {
            Installation.remove(directory);
        }
    }
}
