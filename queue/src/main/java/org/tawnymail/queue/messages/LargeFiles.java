package org.tawnymail.queue.messages;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.tawnymail.base.program.SeekableInput;
import org.tawnymail.queue.DamagedMessage;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.disk.DiskFile;
import org.tawnymail.queue.disk.FileFacts;
import org.tawnymail.queue.disk.FileInput;
import org.tawnymail.queue.disk.ReadableParts;
import org.tawnymail.queue.journal.RecordFormat;
import org.tawnymail.queue.journal.SetAside;

/**
 * The directory {@code large}: {@code N} holds the bytes of message N, {@code N.to} its recipients, where they are too many
 * for a record of the journal. A file is durable, with its name, before the record that speaks of it is appended; a file of
 * which no record speaks is a leftover.
 */
final class LargeFiles {

    private static final String RECIPIENTS = ".to";
    private static final int BUFFER = 64 << 10;

    private final Disk disk;
    private final Path directory;
    private final long leftAlone;

    /** @param leftAlone bytes that no large file may use of the last room on the disk */
    LargeFiles(Disk disk, Path queue, long leftAlone) {
        this.disk = disk;
        this.directory = queue.resolve("large");
        this.leftAlone = leftAlone;
    }

    /** For somebody who only reads them. */
    static LargeFiles look(Disk disk, Path queue) {
        return new LargeFiles(disk, queue, Long.MAX_VALUE);
    }

    /**
     * The names of a message's files.
     *
     * @param storage the bits of its record
     */
    static List<String> names(long message, int storage) {
        List<String> names = new ArrayList<>(2);
        if ((storage & RecordFormat.LARGE_BODY) != 0) {
            names.add(Long.toString(message));
        }
        if ((storage & RecordFormat.LARGE_ENVELOPE) != 0) {
            names.add(message + RECIPIENTS);
        }
        return names;
    }

    void make() throws IOException {
        disk.makeDirectory(directory);
    }

    LargeFile createBody(long message) throws IOException {
        return new LargeFile(disk, directory, Long.toString(message), leftAlone);
    }

    LargeFile createRecipients(long message) throws IOException {
        return new LargeFile(disk, directory, message + RECIPIENTS, leftAlone);
    }

    /** Makes the names of the files durable. */
    void force() throws IOException {
        disk.forceDirectory(directory);
    }

    /** @param verdict is told whether the file is what it should be, once it was read to the end */
    SeekableInput openBody(long message, long size, int crc, LargeFileInput.Verdict verdict) throws IOException {
        return open(Long.toString(message), message, size, crc, verdict);
    }

    InputStream openRecipients(long message, long size, int crc) throws IOException {
        return new BufferedInputStream(
                open(message + RECIPIENTS, message, size, crc, LargeFileInput.Verdict.NOBODY_ASKS));
    }

    private SeekableInput open(String name, long message, long size, int crc, LargeFileInput.Verdict verdict)
            throws IOException {
        Path path = directory.resolve(name);
        if (!isFile(path)) {
            String what = path + " is missing";
            verdict.is(false, what);
            throw new DamagedMessage(message, what);
        }
        return LargeFileInput.of(disk.input(path), new LargeFileInput.Expected(path, message, size, crc), verdict);
    }

    /** Whether the recipients of a message are all there. */
    boolean isRecipientsWhole(long message, long size, int crc) throws IOException {
        try (InputStream in = openRecipients(message, size, crc)) {
            in.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (DamagedMessage damaged) {
            return false;
        }
    }

    /** What lies where the recipients should be, whatever it is. */
    InputStream recipientsAsIs(long message) throws IOException {
        Path path = directory.resolve(message + RECIPIENTS);
        if (!isFile(path)) {
            return InputStream.nullInputStream();
        }
        return new BufferedInputStream(FileInput.ofWhatCanBeRead(disk.read(path)));
    }

    /** Copies what can be read of the bytes of a message, and says what that is. */
    Remains.Part copyBody(long message, long size, int crc, Shelf shelf, String name) throws IOException {
        Path path = directory.resolve(Long.toString(message));
        if (!isFile(path)) {
            return Remains.Part.MISSING;
        }
        CRC32C sum = new CRC32C();
        long position = 0;
        try (DiskFile file = disk.read(path);
                OutputStream out = shelf.create(name)) {
            ReadableParts parts = new ReadableParts(file);
            byte[] buffer = new byte[BUFFER];
            int got = parts.read(buffer, 0, buffer.length, position);
            while (got > 0) {
                sum.update(buffer, 0, got);
                out.write(buffer, 0, got);
                position += got;
                got = parts.read(buffer, 0, buffer.length, position);
            }
        }
        return position == size && (int) sum.getValue() == crc ? Remains.Part.WHOLE : Remains.Part.DAMAGED;
    }

    /** What is wrong with the file of a message at first sight. */
    Optional<String> lacks(long message, long size) throws IOException {
        Path path = directory.resolve(Long.toString(message));
        Optional<FileFacts> facts = disk.facts(path).filter(FileFacts::isFile);
        if (facts.isEmpty()) {
            return Optional.of(path + " is missing");
        }
        return facts.get().size() == size
                ? Optional.empty()
                : Optional.of(path + " has " + facts.get().size() + " bytes instead of " + size);
    }

    private boolean isFile(Path path) throws IOException {
        return disk.facts(path).map(FileFacts::isFile).orElse(false);
    }

    void delete(long message) throws IOException {
        disk.delete(directory.resolve(Long.toString(message)));
        disk.delete(directory.resolve(message + RECIPIENTS));
    }

    /**
     * After a start: removes what no record speaks of, and says which messages lack their files. Those stay in the queue:
     * their recipients and senders are known, and the file may come back.
     *
     * @param isWhole whether all records are there that ever were; if not, what they spoke of is set aside
     */
    void agreeWith(MessageTable table, boolean isWhole, SetAside aside, Consumer<String> log) throws IOException {
        Set<String> present = new HashSet<>();
        for (String name : disk.list(directory)) {
            long number = numberIn(name);
            if (number > 0 && table.get(number) == null) {
                removeOrKeep(directory.resolve(name), isWhole, aside, log);
            } else {
                present.add(name);
            }
        }
        for (QueuedMessage message : table.all()) {
            for (String name : message.files()) {
                if (!present.contains(name)) {
                    lookFor(name, message, aside, log);
                }
            }
        }
    }

    private static String kept(String name) {
        return "large." + name;
    }

    private void removeOrKeep(Path file, boolean isWhole, SetAside aside, Consumer<String> log) {
        try {
            if (isWhole && isFile(file)) {
                disk.delete(file);
            } else {
                Path kept = aside.keep(file, kept(String.valueOf(file.getFileName())));
                log.accept("queue: no message that was found has the file " + file + ", which is kept as " + kept);
            }
        } catch (IOException e) {
            log.accept("queue: unable to remove " + file + ", which no message needs: " + e.getMessage());
        }
    }

    /** Its record may have been out of reach at an earlier start, and its file set aside. */
    private void lookFor(String name, QueuedMessage message, SetAside aside, Consumer<String> log) throws IOException {
        Path kept = aside.path(kept(name));
        if (isFile(kept)) {
            disk.rename(kept, directory.resolve(name));
            force();
            aside.force();
        } else {
            log.accept("queue: message " + message.number + " is damaged: " + directory.resolve(name) + " is missing");
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
