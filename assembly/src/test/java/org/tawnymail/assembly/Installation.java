package org.tawnymail.assembly;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Tawny as it is installed: the built jars, the launcher and {@code bin/}, copied to a place that every user of this
 * machine can reach, because a server started by root gives root up.
 */
final class Installation {

    private static final long COMMAND_LIMIT_SECONDS = 60;

    private static final Installation SHARED = make();

    private final Path root;

    private Installation(Path root) {
        this.root = root;
    }

    /** One copy for all tests of a run; removed when the run ends. */
    static Installation shared() {
        return SHARED;
    }

    Path bin(String program) {
        return root.resolve("bin").resolve(program);
    }

    Path launcher() {
        return root.resolve("tawny");
    }

    /** A new empty directory that every user can reach; removed with {@link #remove}. */
    static Path publicDirectory(String name) throws IOException {
        Path directory = Files.createTempDirectory(Path.of("/tmp"), name);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        return directory;
    }

    static void remove(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, java.io.IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** What a command printed, one char an octet, and how it ended. */
    record Result(int exitCode, String text, String errors) {}

    /** Runs a command with a home and an input, and collects what it prints. */
    static Result run(Path home, Map<String, String> environment, byte[] input, List<String> command) throws Exception {
        return run(home, environment, input, command, COMMAND_LIMIT_SECONDS);
    }

    /** The same for a command that takes its time. */
    static Result run(Path home, Map<String, String> environment, byte[] input, List<String> command, long limitSeconds)
            throws Exception {
        Path in = Files.createTempFile("tawny", ".in");
        Path out = Files.createTempFile("tawny", ".out");
        Path err = Files.createTempFile("tawny", ".err");
        try {
            Files.write(in, input);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().put("TAWNY_HOME", home.toString());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end; it printed: " + Files.readString(err));
            }
            return new Result(
                    process.exitValue(), Files.readString(out, ISO_8859_1), Files.readString(err, ISO_8859_1));
        } finally {
            Files.delete(in);
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static Installation make() {
        try {
            Path checkout = Path.of("..").toRealPath();
            Path dist = checkout.resolve("target/dist");
            if (!Files.exists(dist.resolve("lib/tawny.jar"))) {
                throw new IllegalStateException("nothing is built: run ./tawny build first, or ./tawny test");
            }
            Path root = publicDirectory("tawny-installed");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> removeAtEnd(root)));
            Files.createDirectory(root.resolve("lib"));
            try (Stream<Path> jars = Files.list(dist.resolve("lib"))) {
                for (Path jar : jars.toList()) {
                    copy(jar, root.resolve("lib").resolve(jar.getFileName()));
                }
            }
            for (String name : List.of("tawny.aot", "java-home")) {
                if (Files.exists(dist.resolve(name))) {
                    copy(dist.resolve(name), root.resolve(name));
                }
            }
            copy(checkout.resolve("tawny"), root.resolve("tawny"));
            for (String folder : List.of("boot", "doc", "examples")) {
                Files.createDirectory(root.resolve(folder));
                try (Stream<Path> files = Files.list(checkout.resolve(folder))) {
                    for (Path file : files.toList()) {
                        copy(file, root.resolve(folder).resolve(file.getFileName()));
                    }
                }
            }
            Files.createDirectory(root.resolve("bin"));
            try (Stream<Path> links = Files.list(checkout.resolve("bin"))) {
                for (Path link : links.toList()) {
                    Files.createSymbolicLink(root.resolve("bin").resolve(link.getFileName()), Path.of("../tawny"));
                }
            }
            return new Installation(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
    }

    private static void removeAtEnd(Path root) {
        try {
            remove(root);
        } catch (IOException e) {
            System.err.println("left behind: " + root + ": " + e.getMessage());
        }
    }
}
