package org.tawnymail.assembly.install;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.tawnymail.assembly.install.Place.Kind;

/**
 * What is where in a home, whose it is, and with which mode (core spec, section 1.3). The queue is our own: one process, which
 * runs as {@code qmailq}, owns the journal; everybody may pass through {@code queue} to its socket and put mail into {@code
 * drop}, and nobody can list either.
 */
final class HomeLayout {

    /** {@code queue/mess} has this many directories (core spec, section 1.6). */
    private static final int SPLIT = 23;

    /** What the table of hosts that do not answer takes (core spec, section 7.7). */
    static final int TCPTO_LENGTH = 1024;

    static final List<String> BOOT_SCRIPTS = List.of(
            "home", "home+df", "proc", "proc+df", "binm1", "binm1+df", "binm2", "binm2+df", "binm3", "binm3+df");

    static final String UNIT = "qmail.service";

    private static final String ROOT = "root";
    private static final String ALIAS = "alias";
    private static final String QUEUE = "qmailq";
    private static final String MAIL = "qmail";

    private final Path home;
    private final Collection<String> programs;

    /** @param programs the names in {@code bin} */
    HomeLayout(Path home, Collection<String> programs) {
        this.home = home;
        this.programs = programs;
    }

    Path home() {
        return home;
    }

    /** Directories, each after the one that it is in. */
    List<Place> directories() {
        List<Place> places = new ArrayList<>();
        places.add(directory("", ROOT, 0755));
        for (String name : List.of("bin", "boot", "control", "doc", "lib", "man", "users")) {
            places.add(directory(name, ROOT, 0755));
        }
        places.add(directory("alias", ALIAS, 02755));
        places.add(directory("queue", QUEUE, 0711));
        places.add(directory("queue/drop", QUEUE, 01733));
        for (String name : List.of("queue/intake", "queue/journal", "queue/large")) {
            places.add(directory(name, QUEUE, 0700));
        }
        places.add(directory("queue/lock", QUEUE, 0750));
        places.add(directory("queue/mess", QUEUE, 0750));
        for (int i = 0; i < SPLIT; i++) {
            places.add(directory("queue/mess/" + i, QUEUE, 0750));
        }
        return places;
    }

    /** Files of the queue that are there before it is first used. */
    List<Place> queueFiles() {
        return List.of(new Place(home.resolve("queue/lock/sendmutex"), Kind.FILE, QUEUE, MAIL, 0600), tcpto());
    }

    /** The one file of the queue that belongs to the side that speaks with strangers. */
    Place tcpto() {
        return new Place(home.resolve("queue/lock/tcpto"), Kind.FILE, "qmailr", MAIL, 0644);
    }

    /** Who gets mail for the system itself; the site's to change. */
    List<Place> aliases() {
        List<Place> places = new ArrayList<>();
        for (String name : List.of("postmaster", "mailer-daemon", "root")) {
            places.add(new Place(home.resolve("alias/.qmail-" + name), Kind.FILE, ALIAS, MAIL, -1));
        }
        return places;
    }

    /** What is copied: the launcher, boot scripts, and whatever files are in {@code lib}, {@code doc} and {@code man}. */
    List<Place> distribution() throws IOException {
        List<Place> places = new ArrayList<>();
        places.add(file(home.resolve("tawny"), 0755));
        for (String script : BOOT_SCRIPTS) {
            places.add(file(home.resolve("boot").resolve(script), 0755));
        }
        places.add(file(home.resolve("boot").resolve(UNIT), 0644));
        places.add(file(home.resolve("lib/tawny.jar"), 0644));
        for (String folder : List.of("lib", "doc", "man")) {
            for (Path found : filesIn(home.resolve(folder))) {
                if (!found.endsWith("tawny.jar")) {
                    places.add(file(found, 0644));
                }
            }
        }
        return places;
    }

    /** The names in {@code bin}. */
    List<Place> programs() {
        List<Place> places = new ArrayList<>();
        for (String program : programs) {
            places.add(new Place(home.resolve("bin").resolve(program), Kind.LINK, ROOT, MAIL, 0777));
        }
        return places;
    }

    /** Everything, in the order in which it is checked. */
    List<Place> all() throws IOException {
        List<Place> all = new ArrayList<>(directories());
        all.addAll(queueFiles());
        all.addAll(aliases());
        all.addAll(distribution());
        all.addAll(programs());
        return all;
    }

    Place file(Path path, int mode) {
        return new Place(path, Kind.FILE, ROOT, MAIL, mode);
    }

    private Place directory(String name, String user, int mode) {
        return new Place(name.isEmpty() ? home : home.resolve(name), Kind.DIRECTORY, user, MAIL, mode);
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (Files.isRegularFile(entry)) {
                    files.add(entry);
                }
            }
        } catch (NoSuchFileException noFolder) {
            // Whoever checks says so of the directory itself.
        }
        files.sort(null);
        return files;
    }
}
