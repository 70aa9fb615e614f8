package org.tawnymail.queue.messages;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.tawnymail.base.program.SeekableInput;
import org.tawnymail.queue.disk.Disk;

/**
 * The directory {@code large}: {@code N} holds the bytes of message N, {@code N.to} its recipients, where they are too many
 * for a record of the journal. A file is durable, with its name, before the record that speaks of it is appended; a file of
 * which no record speaks is a leftover.
 */
final class LargeFiles {

    private static final String RECIPIENTS = ".to";

    private final Disk disk;
    private final Path directory;

    LargeFiles(Disk disk, Path queue) {
        this.disk = disk;
        this.directory = queue.resolve("large");
    }

    void make() throws IOException {
        disk.makeDirectory(directory);
    }

    LargeFile createBody(long message) throws IOException {
        return new LargeFile(disk, directory.resolve(Long.toString(message)));
    }

    LargeFile createRecipients(long message) throws IOException {
        return new LargeFile(disk, directory.resolve(message + RECIPIENTS));
    }

    /** Makes the names of the files durable. */
    void force() throws IOException {
        disk.forceDirectory(directory);
    }

    SeekableInput openBody(long message, long size, int crc) throws IOException {
        return LargeFileInput.of(disk.input(directory.resolve(Long.toString(message))), message, size, crc);
    }

    InputStream openRecipients(long message, long size, int crc) throws IOException {
        return new BufferedInputStream(
                LargeFileInput.of(disk.input(directory.resolve(message + RECIPIENTS)), message, size, crc));
    }

    void delete(long message) throws IOException {
        disk.delete(directory.resolve(Long.toString(message)));
        disk.delete(directory.resolve(message + RECIPIENTS));
    }

    /** After a start: removes what no record speaks of, and takes from the table a message whose file is missing. */
    void agreeWith(MessageTable table, Consumer<String> log) throws IOException {
        Set<Long> present = new HashSet<>();
        for (String name : disk.list(directory)) {
            long number = numberIn(name);
            if (number > 0 && table.get(number) == null) {
                disk.delete(directory.resolve(name));
            }
            present.add(number);
        }
        for (QueuedMessage message : List.copyOf(table.all())) {
            if (message.isLarge() && !present.contains(message.number)) {
                log.accept("queue: message " + message.number + " is passed over: its file "
                        + directory.resolve(Long.toString(message.number)) + " is missing");
                table.remove(message);
                table.buried(message);
            }
        }
    }

    /** The number in a file's name; -1 for a file that is none of ours. */
    private static long numberIn(String name) {
        String digits = name.endsWith(RECIPIENTS) ? name.substring(0, name.length() - RECIPIENTS.length()) : name;
        try {
            return Long.parseUnsignedLong(digits);
        } catch (NumberFormatException notOurs) {
            return -1;
        }
    }
}
