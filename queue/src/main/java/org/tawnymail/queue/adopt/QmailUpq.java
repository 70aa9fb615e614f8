package org.tawnymail.queue.adopt;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.FileStatus;
import org.tawnymail.base.posix.LockedFile;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/**
 * qmail-upq (core spec, section 11.4): moves the files of an old queue that is not split, or was split otherwise, into 23
 * subdirectories. Each file is renamed, so it keeps its inode number, and interrupted it can be run again.
 */
public final class QmailUpq implements Program {

    private static final int SPLIT = 23;
    private static final List<String> DIRECTORIES = List.of("mess", "info", "local", "remote");
    private static final String FATAL = "qmail-upq: fatal: ";

    private final Home home;

    public QmailUpq(Home home) {
        this.home = home;
    }

    @Override
    public int run(Call call) throws IOException {
        List<String> arguments = call.arguments();
        if (arguments.size() > 1 || arguments.stream().anyMatch(argument -> argument.startsWith("-"))) {
            throw new Complaint(ExitCode.PERMANENT, "qmail-upq: usage: qmail-upq [ queue ]");
        }
        Path queue = arguments.isEmpty() ? home.queue() : call.path(arguments.getFirst());
        if (!Files.isDirectory(queue.resolve("mess"))) {
            throw new Complaint(
                    ExitCode.PERMANENT, FATAL + queue + " is no queue of qmail: there is no " + queue.resolve("mess"));
        }
        try (LockedFile lock = LockedFile.openToLock(queue.resolve("lock/sendmutex"))) {
            if (!lock.tryLock()) {
                throw new Complaint(
                        ExitCode.TEMPORARY, FATAL + "qmail-send is running on " + queue + "; stop it first");
            }
            long moved = 0;
            for (String name : DIRECTORIES) {
                moved += split(queue.resolve(name));
            }
            call.stdout().write(Octets.of(moved + (moved == 1 ? " file" : " files") + " moved\n"));
            call.stdout().flush();
            return ExitCode.SUCCESS;
        } catch (Complaint complaint) {
            throw complaint;
        } catch (IOException e) {
            throw new Complaint(
                    ExitCode.TEMPORARY,
                    FATAL + Errno.text(e) + " (" + e.getMessage() + "); mend it and run this again");
        }
    }

    private static long split(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return 0;
        }
        for (int part = 0; part < SPLIT; part++) {
            make(directory.resolve(Integer.toString(part)), FileStatus.of(directory));
        }
        List<Path> places = new ArrayList<>(List.of(directory));
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, Files::isDirectory)) {
            for (Path entry : entries) {
                if (OldDirectory.numberIn(name(entry)) >= 0) {
                    places.add(entry);
                }
            }
        }
        long moved = 0;
        for (Path place : places) {
            moved += moveFrom(place, directory);
        }
        return moved;
    }

    /** A new subdirectory is like the directory above it. */
    private static void make(Path part, FileStatus like) throws IOException {
        if (Files.isDirectory(part)) {
            return;
        }
        if (Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(part + " is a message whose number is a subdirectory's name");
        }
        Files.createDirectory(part);
        Files.setAttribute(part, "unix:mode", like.mode() & 07777);
        if (ThisProcess.effectiveUid() == 0) {
            Files.setAttribute(part, "unix:uid", like.uid());
            Files.setAttribute(part, "unix:gid", like.gid());
        }
    }

    private static long moveFrom(Path place, Path directory) throws IOException {
        long moved = 0;
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(place, file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))) {
            for (Path file : files) {
                long number = OldDirectory.numberIn(name(file));
                Path to = directory.resolve(Long.toString(number % SPLIT)).resolve(name(file));
                if (number >= 0 && !to.equals(file)) {
                    if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
                        throw new IOException(file + " and " + to + " are both there");
                    }
                    Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
                    moved++;
                }
            }
        }
        return moved;
    }

    private static String name(Path path) {
        return Octets.fileName(path.getFileName());
    }
}
