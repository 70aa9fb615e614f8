package org.tawnymail.assembly.install;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;

/**
 * What is installed from: a checkout with what was built in it, or an installed tree.
 *
 * @param root has the launcher, the pages and the scripts that start the system
 * @param built has the jars, perhaps man pages and the warm-start archive
 */
public record Distribution(Path root, Path built) {

    /** Where the mail system is installed if nobody says otherwise (core spec, section 0). */
    static final String USUAL_HOME = "/var/qmail";

    private static final String SYSTEM_PROPERTY = "tawny.dist";

    /** One that this process runs from. The launcher says where it is. */
    public static Distribution ofThisProcess(Path bin) {
        Path root = bin.toAbsolutePath().normalize().getParent();
        if (root == null) {
            throw new IllegalArgumentException("the root directory cannot be bin");
        }
        String built = System.getProperty(SYSTEM_PROPERTY);
        return new Distribution(root, built == null ? root : Path.of(built));
    }

    /** A file, and its place in a home. */
    record Item(Path from, String to) {}

    /** Programs and pages; those of {@code boot} are {@linkplain #bootFile apart}. */
    List<Item> items() throws IOException {
        if (Files.notExists(built.resolve("lib/tawny.jar"))) {
            throw new Complaint(
                    ExitCode.PERMANENT, "tawny: fatal: nothing is built in " + built + ": run ./tawny build first");
        }
        List<Item> items = new ArrayList<>();
        // The launcher comes last: until then the old one still finds all that it knows.
        for (Path jar : files(built.resolve("lib"))) {
            items.add(new Item(jar, "lib/" + jar.getFileName()));
        }
        for (String name : List.of("tawny.aot", "java-home")) {
            if (Files.exists(built.resolve(name))) {
                items.add(new Item(built.resolve(name), name));
            }
        }
        for (Path page : files(root.resolve("doc"))) {
            items.add(new Item(page, "doc/" + page.getFileName()));
        }
        Path man = built.resolve("man");
        if (Files.isDirectory(man)) {
            try (Stream<Path> pages = Files.walk(man)) {
                for (Path page : pages.filter(Files::isRegularFile).sorted().toList()) {
                    items.add(new Item(page, "man/" + man.relativize(page)));
                }
            }
        }
        items.add(new Item(root.resolve("tawny"), "tawny"));
        return items;
    }

    /** A boot script or unit for a home. One that comes from an installed tree speaks of that tree. */
    String bootFile(String name, Path home) throws IOException {
        String text = Files.readString(root.resolve("boot").resolve(name), ISO_8859_1);
        String itsHome = text.contains(root + "/bin") ? root.toString() : USUAL_HOME;
        return text.replace(itsHome, home.toString());
    }

    /** The JDK that the installed programs will use, if it is known. */
    Optional<Path> javaHome() throws IOException {
        Path file = built.resolve("java-home");
        return Files.exists(file)
                ? Files.readAllLines(file).stream().findFirst().map(Path::of)
                : Optional.empty();
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
