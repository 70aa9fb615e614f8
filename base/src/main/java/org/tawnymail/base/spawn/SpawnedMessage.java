package org.tawnymail.base.spawn;

import java.io.IOException;
import java.nio.file.Path;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Outcome;
import org.tawnymail.base.posix.FileStatus;
import org.tawnymail.base.posix.OpenFileInput;

/**
 * The file of a message that a spawner was told to deliver. Each opening of it checks the opened file once more: a spawner
 * may be root, and must not read what somebody put in the place of a message meanwhile.
 */
final class SpawnedMessage implements MessageSource {

    /** The file is no message of the queue, or cannot be opened. */
    static final class Refused extends IOException {

        private Refused(String report) {
            super(report);
        }

        Outcome outcome() {
            return new Outcome.Deferred(getMessage() + "\n");
        }
    }

    private final Path queue;
    private final Path file;
    private final long size;

    private SpawnedMessage(Path queue, Path file, long size) {
        this.queue = queue;
        this.file = file;
        this.size = size;
    }

    /**
     * Checks a message.
     *
     * @param queue the queue directory, to whose owner messages must belong
     * @param name the name below {@code mess}: digits and slashes, a digit first
     */
    static SpawnedMessage of(Path queue, String name) throws Refused {
        Path file = queue.resolve("mess").resolve(name);
        try (OpenFileInput opened = openChecked(queue, file)) {
            return new SpawnedMessage(queue, file, opened.status().size());
        } catch (Refused refused) {
            throw refused;
        } catch (IOException unreadable) {
            throw new Refused("qmail-spawn unable to fstat message. (#4.3.0)");
        }
    }

    @Override
    public long size() {
        return size;
    }

    /** An open file, which a child process can be given as it is. */
    @Override
    public OpenFileInput open() throws IOException {
        return openChecked(queue, file);
    }

    private static OpenFileInput openChecked(Path queue, Path file) throws IOException {
        OpenFileInput opened = open(file);
        try {
            check(opened.status(), queue);
            return opened;
        } catch (IOException | RuntimeException refused) {
            opened.close();
            throw refused;
        }
    }

    private static OpenFileInput open(Path file) throws Refused {
        try {
            return OpenFileInput.openAtOnce(file);
        } catch (IOException e) {
            throw new Refused("qmail-spawn unable to open message. (#4.3.0)");
        }
    }

    private static void check(FileStatus message, Path queue) throws IOException {
        if (!message.isRegular()) {
            throw new Refused("Sorry, message has wrong type. (#4.3.5)");
        }
        if (message.uid() != FileStatus.of(queue).uid()) {
            throw new Refused("Sorry, message has wrong owner. (#4.3.5)");
        }
    }
}
