package org.tawnymail.send.spawn;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.tawnymail.base.MessageSource;

/**
 * The messages of which deliveries are under way, as files {@code queue/mess/(N mod 23)/0N} for the spawners, where qmail has
 * those of all messages (core spec, section 1.6). A file lives from the first delivery that needs it to the last.
 *
 * <p>The journal is the truth and these are copies: none is forced, none survives the next start. Messages of a former qmail
 * that nobody has adopted yet may lie in the same directories, and are not ours to remove: the zero in front of the number,
 * which qmail never writes, says which files are. Directories are for the owner and the group, which the spawner of remote mail
 * is in; files can be read by whoever has come that far.
 */
public final class MessageFiles {

    private static final int SPLIT = 23;

    /** In front of the number in the name of a copy. */
    private static final String OURS = "0";

    private static final int BUFFER_SIZE = 64 << 10;

    private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"));
    private static final FileAttribute<Set<PosixFilePermission>> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"));

    private final Path directory;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Long, Copy> copies = new HashMap<>();

    private MessageFiles(Path directory) {
        this.directory = directory;
    }

    /**
     * Makes the directories, and removes what an earlier qmail-send of ours left.
     *
     * @param queue the queue directory, whose lock this process holds
     */
    public static MessageFiles in(Path queue) throws IOException {
        Path mess = queue.resolve("mess");
        makeDirectory(mess);
        for (int i = 0; i < SPLIT; i++) {
            Path split = mess.resolve(String.valueOf(i));
            makeDirectory(split);
            try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(split, OURS + "*")) {
                for (Path leftover : leftovers) {
                    Files.delete(leftover);
                }
            }
        }
        return new MessageFiles(mess);
    }

    private static void makeDirectory(Path directory) throws IOException {
        try {
            Files.createDirectory(directory, DIRECTORY);
        } catch (FileAlreadyExistsException asItShouldBe) {
            // It is checked when it is listed.
        }
    }

    /** Sees to it that the file of a message is there until the lease is closed. */
    Lease lend(long number, MessageSource message) throws IOException {
        Copy copy = use(number);
        Lease lease = new Lease(copy);
        try {
            copy.make(message);
            return lease;
        } catch (IOException | RuntimeException failed) {
            lease.close();
            throw failed;
        }
    }

    private Copy use(long number) {
        lock.lock();
        try {
            Copy copy = copies.computeIfAbsent(number, Copy::new);
            copy.users++;
            return copy;
        } finally {
            lock.unlock();
        }
    }

    /** Says that a file is there for as long as it is open. */
    final class Lease implements AutoCloseable {

        private final Copy copy;

        private Lease(Copy copy) {
            this.copy = copy;
        }

        /** The name of the file below {@code mess}. */
        String name() {
            return copy.name;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (--copy.users == 0) {
                    copies.remove(copy.number);
                    Files.deleteIfExists(copy.file);
                }
            } catch (IOException stays) {
                // The next delivery of this message replaces it, the next start removes it.
            } finally {
                lock.unlock();
            }
        }
    }

    private final class Copy {

        private final long number;
        private final String name;
        private final Path file;
        private final ReentrantLock making = new ReentrantLock();
        private int users;
        private boolean isMade;

        Copy(long number) {
            this.number = number;
            this.name = number % SPLIT + "/" + OURS + number;
            this.file = directory.resolve(name);
        }

        void make(MessageSource message) throws IOException {
            making.lock();
            try {
                if (!isMade) {
                    write(message);
                    isMade = true;
                }
            } finally {
                making.unlock();
            }
        }

        private void write(MessageSource message) throws IOException {
            try (InputStream in = message.open();
                    OutputStream out = create()) {
                byte[] buffer = new byte[Math.clamp(message.size(), 1, BUFFER_SIZE)];
                int count;
                while ((count = in.read(buffer)) >= 0) {
                    out.write(buffer, 0, count);
                }
            }
        }

        /** What is there under its name is of no use: perhaps it could not be removed. */
        private OutputStream create() throws IOException {
            Files.deleteIfExists(file);
            try {
                return newFile();
            } catch (NoSuchFileException noDirectory) {
                // Somebody has tidied up.
                makeDirectory(directory);
                makeDirectory(directory.resolve(String.valueOf(number % SPLIT)));
                return newFile();
            }
        }

        private OutputStream newFile() throws IOException {
            return Channels.newOutputStream(Files.newByteChannel(
                    file, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE));
        }
    }
}
