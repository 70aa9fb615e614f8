package org.tawnymail.queue.salvage;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.FileSystemSync;
import org.tawnymail.base.posix.LockedFile;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.queue.disk.LocalDisk;
import org.tawnymail.queue.messages.Shelf;

/** {@code queue salvage [ QUEUE ] --to DIRECTORY}, or {@code --dry-run} in its place. */
final class SalvageCommand {

    static final String USAGE = "queue: usage: queue salvage [ QUEUE ] --to DIRECTORY | --dry-run";

    private static final int SOMETHING_DAMAGED = 1;
    private static final String FATAL = "queue: fatal: ";

    /** @param to where to; nowhere if nothing is to be written */
    private record Options(Optional<String> queue, Optional<String> to) {}

    private final Home home;
    private final QueueProgram.Unrouting unrouting;

    SalvageCommand(Home home, QueueProgram.Unrouting unrouting) {
        this.home = home;
        this.unrouting = unrouting;
    }

    int run(Call call, List<String> arguments) throws IOException {
        Options options = options(arguments);
        Path queue = options.queue.map(call::path).orElse(home.queue());
        if (!Files.isDirectory(queue.resolve("journal"))) {
            throw new Complaint(
                    ExitCode.TEMPORARY,
                    FATAL + queue + " is no queue: there is no " + queue.resolve("journal")
                            + "; name one, as in: queue salvage /var/qmail/queue --to /tmp/mail");
        }
        Optional<Path> to = options.to.map(call::path);
        if (to.isPresent()) {
            makeEmpty(to.get());
        }
        if (isInUse(queue)) {
            call.complain("queue: warning: " + queue + " is in use by a server: what that changes meanwhile may be"
                    + " missing, come twice or look damaged");
        }
        try (OutputStream out = new BufferedOutputStream(call.stdout())) {
            LocalDisk disk = new LocalDisk();
            Shelf shelf = to.map(directory -> Shelf.of(disk, directory)).orElseGet(() -> Shelf.nowhere(disk, queue));
            boolean whole = new Salvage(disk, queue, shelf, unrouting(call), line -> print(out, line)).run();
            if (to.isPresent()) {
                FileSystemSync.syncAllOf(to.get());
            }
            return whole ? ExitCode.SUCCESS : SOMETHING_DAMAGED;
        } catch (Unprintable unprintable) {
            throw new Complaint(ExitCode.TEMPORARY, FATAL + "unable to write output: " + unprintable.getMessage());
        } catch (IOException e) {
            throw new Complaint(ExitCode.TEMPORARY, FATAL + Errno.text(e) + " (" + e.getMessage() + ")");
        }
    }

    private static Options options(List<String> arguments) throws Complaint {
        Optional<String> queue = Optional.empty();
        Optional<String> to = Optional.empty();
        boolean dry = false;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--to") && i + 1 < arguments.size() && to.isEmpty()) {
                to = Optional.of(arguments.get(++i));
            } else if (argument.equals("--dry-run")) {
                dry = true;
            } else if (!argument.startsWith("-") && queue.isEmpty()) {
                queue = Optional.of(argument);
            } else {
                throw new Complaint(ExitCode.PERMANENT, USAGE);
            }
        }
        if (dry == to.isPresent()) {
            throw new Complaint(ExitCode.PERMANENT, USAGE);
        }
        return new Options(queue, to);
    }

    /** Nothing is ever written over: the directory must be new or empty. */
    private static void makeEmpty(Path directory) throws Complaint {
        try (DirectoryStream<Path> there = Files.newDirectoryStream(directory)) {
            if (there.iterator().hasNext()) {
                throw new Complaint(
                        ExitCode.PERMANENT,
                        FATAL + directory + " is not empty; name a directory that is, or is not there");
            }
        } catch (NoSuchFileException absent) {
            try {
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (IOException e) {
                throw new Complaint(ExitCode.TEMPORARY, FATAL + "unable to make " + directory + ": " + Errno.text(e));
            }
        } catch (Complaint complaint) {
            throw complaint;
        } catch (IOException e) {
            throw new Complaint(ExitCode.TEMPORARY, FATAL + "unable to use " + directory + ": " + Errno.text(e));
        }
    }

    private UnaryOperator<String> unrouting(Call call) {
        try {
            return unrouting.by(home.controls());
        } catch (IOException unreadable) {
            call.complain(
                    "queue: warning: unable to read the control files of " + home.path() + ": addresses in virtual"
                            + " domains that an old queue or a damaged envelope gave are written as they were routed");
            return UnaryOperator.identity();
        }
    }

    private static boolean isInUse(Path queue) {
        try (LockedFile lock = LockedFile.openToLock(queue.resolve("lock/sendmutex"))) {
            return !lock.tryLock();
        } catch (IOException nobodyHoldsIt) {
            return false;
        }
    }

    /** Whoever reads the lines is gone. */
    private static final class Unprintable extends RuntimeException {
        Unprintable(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private static void print(OutputStream out, String line) {
        try {
            out.write(Octets.of(line + "\n"));
        } catch (IOException e) {
            throw new Unprintable(e);
        }
    }
}
