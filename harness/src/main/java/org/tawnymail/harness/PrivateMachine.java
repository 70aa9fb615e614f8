package org.tawnymail.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * This machine with an {@code /etc} of its own: a mount namespace in which accounts can be made that nobody else sees, and
 * which has none of a mail system, whether or not this machine has one. Only root can have one, and not in every container.
 */
public final class PrivateMachine implements AutoCloseable {

    private static final long LONGEST_END_SECONDS = 20;
    private static final long LONGEST_COMMAND_SECONDS = 60;
    private static final String READY = "ready";

    /** It ends with its standard input, and so with whoever made it. */
    private static final String HOLDER = """
            cp -a /etc "$0" && cd "$0" || exit
            sed -i -E '/^(alias|qmail|qmail[dlpqrs]|nofiles):/d' $(ls passwd shadow group gshadow 2>/dev/null)
            mount --bind "$0" /etc && cd / && echo ready && exec cat
            """;

    private final Path directory;
    private final Process holder;

    private PrivateMachine(Path directory, Process holder) {
        this.directory = directory;
        this.holder = holder;
    }

    /** What a command printed, one char an octet, and how it ended. */
    public record Result(int exitCode, String text, String errors) {}

    /** A machine, or nothing where that is impossible. */
    public static Optional<PrivateMachine> make() throws IOException {
        Path directory = Files.createTempDirectory(Path.of("/tmp"), "tawny-machine");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path etc = directory.resolve("etc");
        Process holder = new ProcessBuilder("unshare", "-m", "sh", "-c", HOLDER, etc.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        byte[] said = holder.getInputStream().readNBytes(READY.length());
        PrivateMachine machine = new PrivateMachine(directory, holder);
        if (!new String(said, ISO_8859_1).equals(READY)) {
            machine.close();
            return Optional.empty();
        }
        return Optional.of(machine);
    }

    /** A folder that every account of the machine can reach; removed with the machine. */
    public Path directory() {
        return directory;
    }

    /** Where the mail system is, or will be, installed. */
    public Path home() {
        return directory.resolve("qmail");
    }

    /** A command line that runs another one in the machine, in the same process. */
    public List<String> command(List<String> command) {
        List<String> inside = new ArrayList<>(List.of("nsenter", "-m", "-t", String.valueOf(holder.pid()), "--"));
        inside.addAll(command);
        return inside;
    }

    /** A command as an account of the machine, with its main group alone. */
    public static List<String> as(String account, List<String> command) {
        List<String> changed =
                new ArrayList<>(List.of("setpriv", "--reuid=" + account, "--regid=" + account, "--clear-groups", "--"));
        changed.addAll(command);
        return changed;
    }

    /** Runs a command as root that must succeed; gives what it printed. */
    public String run(String... command) throws IOException, InterruptedException {
        Result result = run(Map.of(), "", List.of(command));
        if (result.exitCode() != 0) {
            throw new IOException(List.of(command) + " ended with " + result.exitCode() + ": " + result.errors());
        }
        return result.text();
    }

    /** Runs a command as root. */
    public Result run(Map<String, String> environment, String input, List<String> command)
            throws IOException, InterruptedException {
        Path in = Files.createTempFile("tawny", ".in");
        Path out = Files.createTempFile("tawny", ".out");
        Path err = Files.createTempFile("tawny", ".err");
        try {
            Files.writeString(in, input, ISO_8859_1);
            ProcessBuilder builder = new ProcessBuilder(command(command))
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().put("TAWNY_HOME", home().toString());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(LONGEST_COMMAND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command + " does not end; it printed: " + Files.readString(err, ISO_8859_1));
            }
            return new Result(
                    process.exitValue(), Files.readString(out, ISO_8859_1), Files.readString(err, ISO_8859_1));
        } finally {
            for (Path file : List.of(in, out, err)) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() throws IOException {
        holder.destroyForcibly();
        try {
            if (!holder.waitFor(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the holder of the namespace does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LoopDisk.remove(directory);
    }
}
