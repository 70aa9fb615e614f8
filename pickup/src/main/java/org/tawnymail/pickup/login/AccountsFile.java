package org.tawnymail.pickup.login;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.tawnymail.base.Octets;
import org.tawnymail.pickup.login.MailboxAccounts.NotPossible;

/**
 * Rewrites the accounts file: a reader sees the old one or the new one whole, also after a loss of power, and only its
 * owner can read it.
 *
 * <p>The new file is written beside it ({@code .new}), forced, and renamed over it; then the directory is forced. One
 * writer at a time holds {@code .lock}. Both belong to the owner of the file, or of the directory while there is none, so
 * that root may change a password in a home that is another's.
 */
final class AccountsFile {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(20);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    /** Locks of files hold between processes; between threads of this one it is this. */
    private static final ReentrantLock WRITER = new ReentrantLock();

    private final Path file;

    AccountsFile(Path file) {
        this.file = file;
    }

    /** What a writer does to the lines of the file. */
    interface Edit {
        void to(List<String> lines) throws NotPossible;
    }

    /** Reads the file, if there is one, and puts the edited lines in its place. */
    void rewrite(Edit edit) throws NotPossible, IOException {
        Files.createDirectories(directory());
        waitForOtherThreads();
        try (FileChannel lock = ownersFile(sibling(".lock"))) {
            try (FileLock held = lockOf(lock)) {
                List<String> lines = lines();
                edit.to(lines);
                replace(lines);
                assert held.isValid();
            }
        } finally {
            WRITER.unlock();
        }
    }

    private List<String> lines() throws IOException {
        try {
            return new ArrayList<>(Octets.text(Files.readAllBytes(file)).lines().toList());
        } catch (NoSuchFileException firstAccount) {
            return new ArrayList<>();
        }
    }

    private void replace(List<String> lines) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(line).append('\n');
        }
        Path changed = sibling(".new");
        Files.deleteIfExists(changed);
        try (FileChannel channel = ownersFile(changed)) {
            ByteBuffer octets = ByteBuffer.wrap(Octets.of(text.toString()));
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            channel.force(true);
        }
        Files.move(changed, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel entries = FileChannel.open(directory(), StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    private FileChannel ownersFile(Path path) throws IOException {
        FileAttribute<Set<PosixFilePermission>> ownerOnly = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
        FileChannel channel =
                FileChannel.open(path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), ownerOnly);
        try {
            Path model = Files.exists(file) ? file : directory();
            for (String id : List.of("unix:uid", "unix:gid")) {
                Object wanted = Files.getAttribute(model, id);
                if (!wanted.equals(Files.getAttribute(path, id))) {
                    Files.setAttribute(path, id, wanted);
                }
            }
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private void waitForOtherThreads() throws NotPossible {
        try {
            if (!WRITER.tryLock(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw inUse();
            }
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw inUse();
        }
    }

    private FileLock lockOf(FileChannel channel) throws NotPossible, IOException {
        long tries = LONGEST_WAIT.dividedBy(BETWEEN_TRIES);
        for (long i = 0; i < tries; i++) {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
            try {
                Thread.sleep(BETWEEN_TRIES);
            } catch (InterruptedException asked) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        throw inUse();
    }

    private NotPossible inUse() {
        return new NotPossible(file + " is being changed by somebody else; try again");
    }

    private Path directory() {
        return file.resolveSibling("");
    }

    private Path sibling(String end) {
        return file.resolveSibling(file.getFileName() + end);
    }
}
