package org.tawnymail.assembly.adopt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.ControlFile;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Errno;

/**
 * Looks for what is no mistake in a qmail home (those are the business of {@code check}) and yet is going to be different. It
 * changes nothing, and what cannot be read is a finding too.
 */
final class HomeInspection {

    /** qmail's limit of each concurrency, unless it was built with another. */
    private static final long QMAIL_SPAWN_LIMIT = 120;

    /** Only so many files are looked at, and so many lines of one kind shown. */
    private static final int MOST_FILES = 10_000;

    private static final int MOST_SHOWN = 20;
    private static final long LARGEST_FILE = 1 << 20;

    private static final Set<String> NEEDLESS = Set.of("qmail-clean", "qmail-todo");

    private final Home home;
    private final ControlFiles controls;
    private final Set<String> ourPrograms;
    private final List<Finding> findings = new ArrayList<>();

    HomeInspection(Home home, Set<String> ourPrograms) {
        this.home = home;
        this.controls = home.controls();
        this.ourPrograms = ourPrograms;
    }

    /** Everything worth saying, in the order in which mail meets it. */
    List<Finding> run() {
        look("control", this::limits);
        look("control/tcp.smtp", this::queuePrograms);
        look("alias", this::aliases);
        look("bin", this::programs);
        look("queue", this::leftovers);
        return findings;
    }

    private interface Look {
        void run() throws IOException;
    }

    private void look(String where, Look look) {
        try {
            look.run();
        } catch (IOException e) {
            add(where + " cannot be read: " + Errno.text(e), "it was not looked at; run this as root");
        }
    }

    private void add(String found, String happens) {
        findings.add(new Finding(found, happens));
    }

    private void limits() throws IOException {
        for (ControlFile file : List.of(ControlFile.CONCURRENCYLOCAL, ControlFile.CONCURRENCYREMOTE)) {
            long number = controls.number(file);
            if (number > QMAIL_SPAWN_LIMIT && number <= ControlFile.LARGEST_CONCURRENCY) {
                add(
                        "control/" + file.fileName() + " is " + number,
                        "it really is " + number + " now; qmail never went above what it was built with ("
                                + QMAIL_SPAWN_LIMIT + ")");
            }
        }
    }

    private void queuePrograms() throws IOException {
        for (Path rules : List.of(controls.file(ControlFile.TCP_SMTP), Path.of("/etc/tcp.smtp"))) {
            for (String line : lines(rules)) {
                int set = line.startsWith("#") ? -1 : line.indexOf("QMAILQUEUE=");
                if (set >= 0) {
                    add(
                            rules + " sets " + line.substring(set),
                            "it runs as before, as a process for each message; where it ends by running bin/qmail-queue"
                                    + " itself, that must be Tawny's");
                    break;
                }
            }
        }
    }

    private void aliases() throws IOException {
        Path alias = home.path().resolve("alias");
        Set<String> commands = new TreeSet<>();
        for (String name : names(alias)) {
            Path file = alias.resolve(name);
            if (!name.startsWith(".qmail") || !Files.isRegularFile(file)) {
                continue;
            }
            for (String line : lines(file)) {
                if (line.startsWith("|")) {
                    commands.add(command(line));
                }
            }
        }
        commands.removeAll(ourPrograms);
        commands.remove("");
        if (!commands.isEmpty()) {
            add(
                    ".qmail files in alias run " + shown(commands),
                    "they run as before, through /bin/sh, with qmail's variables and exit codes");
        }
    }

    /** The name of the program that a line runs. */
    private static String command(String line) {
        String words = line.substring(1).strip();
        int end = 0;
        while (end < words.length() && " \t;|&<>()".indexOf(words.charAt(end)) < 0) {
            end++;
        }
        String word = words.substring(0, end);
        return word.substring(word.lastIndexOf('/') + 1);
    }

    private void programs() throws IOException {
        Path bin = home.path().resolve("bin");
        if (!Files.isDirectory(bin)) {
            return;
        }
        Set<String> old = new TreeSet<>();
        Set<String> unknown = new TreeSet<>();
        Set<String> needless = new TreeSet<>();
        for (String name : names(bin)) {
            boolean isLauncher = isLauncher(bin.resolve(name));
            if (ourPrograms.contains(name) && !isLauncher) {
                old.add(name);
            } else if (NEEDLESS.contains(name) && !isLauncher) {
                needless.add(name);
            } else if (!isLauncher) {
                unknown.add(name);
            }
        }
        if (!old.isEmpty()) {
            add(
                    "bin has qmail's own " + shown(old),
                    "they still write to the old queue, where nobody looks any more: move bin away and put Tawny's there");
        }
        if (!needless.isEmpty()) {
            add("bin has " + shown(needless), "not needed to serve: they are parts of the server");
        }
        if (!unknown.isEmpty()) {
            add("bin has " + shown(unknown), "no programs of Tawny: they stay as they are and can be run as before");
        }
    }

    /** Ours are links to the launcher {@code tawny}. */
    private static boolean isLauncher(Path program) throws IOException {
        return Files.exists(program)
                && program.toRealPath().endsWith("tawny")
                && Files.isRegularFile(program.toRealPath());
    }

    private void leftovers() throws IOException {
        if (Files.exists(home.queue().resolve("lock/tcpto"))) {
            add("queue/lock/tcpto", "the table of hosts that do not answer goes on being used");
        }
        if (Files.exists(home.queue().resolve("lock/trigger"))) {
            add("queue/lock/trigger", "not used: the server hears of mail at once");
        }
    }

    private static List<String> names(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.limit(MOST_FILES).forEach(file -> names.add(Octets.fileName(file.getFileName())));
        }
        names.sort(null);
        return names;
    }

    private static List<String> lines(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_FILE) {
            return List.of();
        }
        return Octets.text(Files.readAllBytes(file)).lines().toList();
    }

    private static String shown(Set<String> names) {
        Optional<String> more = names.size() > MOST_SHOWN
                ? Optional.of(" and " + (names.size() - MOST_SHOWN) + " more")
                : Optional.empty();
        return String.join(", ", names.stream().limit(MOST_SHOWN).toList()) + more.orElse("");
    }
}
