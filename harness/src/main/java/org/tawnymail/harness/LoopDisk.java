package org.tawnymail.harness;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A journaled ext4 of its own in an image file, mounted for as long as it is open, where root may do so; else a plain
 * directory. {@link #description} says which.
 *
 * <p>A file system without a journal charges deletions to whoever creates files next, and a shared one to whoever forces
 * next: neither would say anything about the server.
 */
public final class LoopDisk implements AutoCloseable {

    private static final String IMAGE = "image";
    private static final Duration LONGEST_COMMAND = Duration.ofMinutes(1);
    private static final int TRIES_TO_UNMOUNT = 20;

    private final Path folder;
    private final Path path;
    private final boolean mounted;
    private final String description;
    private boolean closed;

    private LoopDisk(Path folder, Path path, boolean mounted, String description) {
        this.folder = folder;
        this.path = path;
        this.mounted = mounted;
        this.description = description;
        // An interrupted run must not leave a mounted image behind.
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "unmount"));
    }

    /** Makes one in the folder for temporary files. */
    public static LoopDisk create(int megabytes) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("tawny-disk");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path path = Files.createDirectory(folder.resolve("disk"));
        String why = mount(folder.resolve(IMAGE), path, megabytes);
        boolean mounted = why.isEmpty();
        // The server gives root up and then must be able to make its home here.
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
        String description = mounted
                ? "ext4 with journal in an image file, loop-mounted (" + megabytes + " MB)"
                : "plain directory " + path + " (" + why + ")";
        return new LoopDisk(folder, path, mounted, description);
    }

    /** The root of the file system. */
    public Path path() {
        return path;
    }

    /** What it is, for the report. */
    public String description() {
        return description;
    }

    /** Whether it is a file system of its own, which can be full or broken without harm to others. */
    public boolean isMounted() {
        return mounted;
    }

    /** How many bytes can still be written to it. */
    public long room() throws IOException {
        return Files.getFileStore(path).getUsableSpace();
    }

    /**
     * What a kernel does to a file system of which it cannot trust the disk any more: from now on nothing can be written,
     * whoever has files open, and what was not yet forced may be lost. A plain {@code mount -o remount,ro} is refused while
     * a file is open for writing.
     *
     * @throws IOException if this cannot be done
     */
    public void turnReadOnly() throws IOException, InterruptedException {
        need(command("mount", "-o", "remount,errors=remount-ro", path.toString()));
        Files.writeString(trigger(), "a rehearsal\n");
    }

    /** Whether {@link #turnReadOnly} can be done here. */
    public boolean canTurnReadOnly() throws IOException {
        return mounted && Files.isWritable(trigger());
    }

    private Path trigger() throws IOException {
        return Path.of("/sys/fs/ext4", device(), "trigger_fs_error");
    }

    /** What an operator does then, when nobody uses it any more: unmounts it, has it checked, mounts it again. */
    public void mend() throws IOException, InterruptedException {
        unmount();
        // 1 says that there was something to mend, and that it is mended.
        need(command(List.of(0, 1), "e2fsck", "-p", image().toString()));
        need(command("mount", "-o", "loop", image().toString(), path.toString()));
    }

    private Path image() {
        return folder.resolve(IMAGE);
    }

    /** The name of the block device that it is mounted from, such as {@code loop0}. */
    private String device() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/mounts"))) {
            String[] fields = line.split(" ", -1);
            if (fields[1].equals(path.toString())) {
                return String.valueOf(Path.of(fields[0]).getFileName());
            }
        }
        throw new IOException(path + " is not in /proc/mounts");
    }

    private static void need(String trouble) throws IOException {
        if (!trouble.isEmpty()) {
            throw new IOException(trouble);
        }
    }

    /** Unmounts it and removes everything. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (mounted) {
                unmount();
            }
            remove(folder);
        } catch (IOException | InterruptedException left) {
            System.err.println("tawny: warning: unable to remove " + folder + ": " + left.getMessage());
        }
    }

    /** Why it could not be mounted; empty if it is. */
    private static String mount(Path image, Path path, int megabytes) throws IOException, InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "only root can mount an image";
        }
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) megabytes << 20);
        }
        String made =
                command("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", image.toString());
        if (!made.isEmpty()) {
            return made;
        }
        return command("mount", "-o", "loop", image.toString(), path.toString());
    }

    private void unmount() throws IOException, InterruptedException {
        String why = "";
        for (int i = 0; i < TRIES_TO_UNMOUNT; i++) {
            why = command("umount", path.toString());
            if (why.isEmpty()) {
                return;
            }
            Thread.sleep(Duration.ofMillis(100));
        }
        throw new IOException(why);
    }

    /** Runs a command; empty if it succeeded, else why not. */
    private static String command(String... words) throws IOException, InterruptedException {
        return command(List.of(0), words);
    }

    private static String command(List<Integer> good, String... words) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(words).redirectErrorStream(true).start();
        } catch (IOException missing) {
            return words[0] + ": " + missing.getMessage();
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(LONGEST_COMMAND.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return words[0] + " takes too long";
        }
        return good.contains(process.exitValue()) ? "" : words[0] + ": " + said.strip();
    }

    static void remove(Path tree) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(tree)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : paths) {
            Files.deleteIfExists(each);
        }
    }
}
