package org.tawnymail.bench.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tawnymail.bench.BenchOptions;
import org.tawnymail.harness.LoopDisk;
import org.tawnymail.harness.ServeProcess;
import org.tawnymail.harness.ServerUnderTest;

/**
 * A disk and the home of a server on it, for the time of one measurement.
 *
 * <p>The disk is a journaled ext4 in an image file, where root may mount one, else the directory that {@code --directory}
 * names or a temporary one: so that nobody else's disk traffic counts, and the report says which.
 */
public final class Site implements AutoCloseable {

    /** The options that say where, and which server. */
    public static final Set<String> OPTIONS = Set.of("server-command", "directory", "disk-megabytes");

    /** Those options for a person. */
    public static final String USAGE =
            "--server-command \"./tawny serve\" --disk-megabytes N --directory DIR (in place of a disk image)";

    /** Set by the launcher: where {@code ./tawny} is. */
    private static final String LAUNCHER = "tawny.launcher";

    private final Optional<LoopDisk> disk;
    private final Path home;
    private final String description;
    private final List<String> command;

    /** What the servers printed, outside of the disk that is measured. */
    private final List<Path> outputs = new ArrayList<>();

    private Site(Optional<LoopDisk> disk, Path home, String description, List<String> command) {
        this.disk = disk;
        this.home = home;
        this.description = description;
        this.command = command;
    }

    /**
     * Makes the place.
     *
     * @param diskMegabytes the size of the image, if the options do not say; it only takes what is written to it
     */
    public static Site open(BenchOptions options, int diskMegabytes) throws IOException, InterruptedException {
        List<String> command =
                List.of(options.text("server-command", launcher() + " serve").split(" +"));
        String directory = options.text("directory", "");
        if (!directory.isEmpty()) {
            Path path = Files.createDirectories(Path.of(directory).toAbsolutePath());
            return new Site(Optional.empty(), path.resolve("home"), "directory " + path, command);
        }
        LoopDisk disk = LoopDisk.create(options.number("disk-megabytes", diskMegabytes));
        return new Site(Optional.of(disk), disk.path().resolve("home"), disk.description(), command);
    }

    /** Where {@code ./tawny} is. */
    public static String launcher() {
        return System.getProperty(LAUNCHER, "./tawny");
    }

    /** The home of the server, which makes it at its first start. */
    public Path home() {
        return home;
    }

    /** What the disk is, for the report. */
    public String description() {
        return description;
    }

    /** Starts the server and waits until it greets. */
    public ServerUnderTest start() throws IOException, InterruptedException {
        return start(Map.of());
    }

    /**
     * Starts the server and waits until it greets.
     *
     * @param environment what it gets besides our own
     */
    public ServerUnderTest start(Map<String, String> environment) throws IOException, InterruptedException {
        Path output = Files.createTempFile("tawny-serve", ".log");
        try {
            ServerUnderTest server = ServeProcess.start(command, environment, home, output);
            outputs.add(output);
            return server;
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "\n(what the server printed: " + output + ")", e);
        }
    }

    /** Starts the server once, so that its home is made, and stops it again. */
    public void makeHome() throws IOException, InterruptedException {
        start().close();
    }

    /** Writes a control file of the home, as its owner would. */
    public void control(String name, String text) throws IOException {
        Path file = home.resolve("control").resolve(name);
        Files.writeString(file, text);
        Files.setOwner(file, Files.getOwner(home));
    }

    @Override
    public void close() throws IOException {
        disk.ifPresent(LoopDisk::close);
        for (Path output : outputs) {
            Files.deleteIfExists(output);
        }
    }
}
