package org.tawnymail.assembly.install;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Set;
import org.tawnymail.assembly.install.Distribution.Item;
import org.tawnymail.base.posix.FileStatus;
import org.tawnymail.base.posix.FileSystemSync;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;

/**
 * Makes a home as its layout says, and copies the programs into it. Files are exchanged by renaming, so that a server that runs
 * goes on with the old ones. No link is ever followed: below directories that others own, root touches only what is there
 * itself.
 */
final class HomeMaking {

    /** What a program of somebody else is called when ours takes its name. */
    private static final String KEPT = ".before-tawny";

    private static final String FRESH = ".installing";
    private static final Path LAUNCHER = Path.of("../tawny");
    private static final int PERMISSIONS = 07777;

    private final HomeLayout layout;
    private final Path home;
    private final Owners owners;
    private final Distribution distribution;
    private final Install.Report report;

    HomeMaking(HomeLayout layout, Owners owners, Distribution distribution, Install.Report report) {
        this.layout = layout;
        this.home = layout.home();
        this.owners = owners;
        this.distribution = distribution;
        this.report = report;
    }

    void make() throws IOException {
        Path above = home.getParent();
        if (above != null) {
            Files.createDirectories(above);
        }
        for (Place place : layout.directories()) {
            makeDirectory(place);
        }
        for (Place place : layout.queueFiles()) {
            makeFile(place, place.equals(layout.tcpto()) ? new byte[HomeLayout.TCPTO_LENGTH] : new byte[0]);
        }
        for (Place place : layout.aliases()) {
            makeFile(place, new byte[0]);
        }
        boolean isItsOwnSource = home.equals(distribution.root());
        if (!isItsOwnSource) {
            copyDistribution();
        }
        for (Place place : layout.programs()) {
            makeLink(place);
        }
        // A loss of power must not leave empty files where the programs of a moment ago were.
        FileSystemSync.syncAllOf(home);
    }

    private void makeDirectory(Place place) throws IOException {
        Path path = place.path();
        if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(path);
            report.line("made " + path + "/");
        } else if (!FileStatus.ofLink(path).isDirectory()) {
            throw new Complaint(
                    ExitCode.PERMANENT, "tawny: fatal: " + path + " is in the way: it has to be a directory");
        }
        own(place);
    }

    /** A file that is there keeps its content, and an alias file its owner and mode too. */
    private void makeFile(Place place, byte[] content) throws IOException {
        Path path = place.path();
        if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.write(path, content, java.nio.file.StandardOpenOption.CREATE_NEW);
            report.line("made " + path);
            own(place.isOurs() ? place : new Place(path, place.kind(), place.user(), place.group(), 0644));
        } else if (place.isOurs()) {
            own(place);
        }
    }

    private void copyDistribution() throws IOException {
        Set<String> copied = new HashSet<>();
        for (Item item : distribution.items()) {
            Path to = home.resolve(item.to());
            Files.createDirectories(to.getParent());
            Path fresh = fresh(to);
            // The warm-start archive holds only for jars with the very times that they were built at.
            Files.copy(item.from(), fresh, StandardCopyOption.COPY_ATTRIBUTES);
            finish(fresh, layout.file(to, item.to().equals("tawny") ? 0755 : 0644));
            copied.add(item.to());
        }
        removeOldJars(copied);
        for (String script : HomeLayout.BOOT_SCRIPTS) {
            copyBootFile(script, 0755);
        }
        copyBootFile(HomeLayout.UNIT, 0644);
        report.line("installed the programs in " + home);
    }

    private void removeOldJars(Set<String> current) throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(home.resolve("lib"), "*.jar")) {
            for (Path jar : jars) {
                if (!current.contains("lib/" + jar.getFileName())) {
                    Files.delete(jar);
                }
            }
        }
    }

    private void copyBootFile(String name, int mode) throws IOException {
        Path to = home.resolve("boot").resolve(name);
        Path fresh = fresh(to);
        Files.writeString(fresh, distribution.bootFile(name, home), ISO_8859_1);
        finish(fresh, layout.file(to, mode));
    }

    private void makeLink(Place place) throws IOException {
        Path path = place.path();
        if (Files.isSymbolicLink(path) && Files.readSymbolicLink(path).equals(LAUNCHER)) {
            own(place);
            return;
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            Path kept = path.resolveSibling(path.getFileName() + KEPT);
            Files.move(path, kept, StandardCopyOption.REPLACE_EXISTING);
            report.line("kept the former " + path + " as " + kept.getFileName());
        }
        Files.createSymbolicLink(path, LAUNCHER);
        own(place);
    }

    private static Path fresh(Path to) throws IOException {
        Path fresh = to.resolveSibling(to.getFileName() + FRESH);
        Files.deleteIfExists(fresh);
        return fresh;
    }

    private void finish(Path fresh, Place place) throws IOException {
        own(new Place(fresh, place.kind(), place.user(), place.group(), place.mode()));
        Files.move(fresh, place.path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Gives a place its owner and mode, if it has others. Giving away takes set-id bits, so the mode comes after it. */
    private void own(Place place) throws IOException {
        Path path = place.path();
        int uid = owners.uid(place.user());
        int gid = owners.gid(place.group());
        FileStatus before = FileStatus.ofLink(path);
        if (before.uid() != uid) {
            Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
        }
        if (before.gid() != gid) {
            Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
        }
        int mode = FileStatus.ofLink(path).mode() & PERMISSIONS;
        if (place.kind() != Place.Kind.LINK && mode != place.mode()) {
            Files.setAttribute(path, "unix:mode", place.mode(), LinkOption.NOFOLLOW_LINKS);
        }
    }
}
