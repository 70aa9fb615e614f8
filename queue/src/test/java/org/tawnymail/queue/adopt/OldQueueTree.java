package org.tawnymail.queue.adopt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.tawnymail.base.Octets;

/** An old queue on the disk, filled as qmail-queue and qmail-send do it: with hard links, and inode numbers for names. */
final class OldQueueTree {

    static final int SPLIT = 23;

    private final Path queue;
    private final int split;
    private final boolean splitTodo;

    private OldQueueTree(Path queue, int split, boolean splitTodo) {
        this.queue = queue;
        this.split = split;
        this.splitTodo = splitTodo;
    }

    /** @param split how many subdirectories; 0 for none, as in the oldest queues */
    static OldQueueTree make(Path queue, int split, boolean splitTodo) throws IOException {
        for (String name : List.of("pid", "lock", "bounce", "mess", "info", "local", "remote", "todo", "intd")) {
            Files.createDirectories(queue.resolve(name));
            boolean isSplit = !List.of("pid", "lock", "bounce").contains(name)
                    && (splitTodo || !List.of("todo", "intd").contains(name));
            for (int part = 0; isSplit && part < split; part++) {
                Files.createDirectories(queue.resolve(name).resolve(Integer.toString(part)));
            }
        }
        Files.createFile(queue.resolve("lock/sendmutex"));
        return new OldQueueTree(queue, split, splitTodo);
    }

    static OldQueueTree make(Path queue) throws IOException {
        return make(queue, SPLIT, false);
    }

    /** Where the file of a message is. */
    Path file(String directory, long number) {
        boolean flat = split == 0
                || directory.equals("bounce")
                || (!splitTodo && List.of("todo", "intd").contains(directory));
        Path place = queue.resolve(directory);
        return flat ? place.resolve(Long.toString(number)) : place.resolve(number % split + "/" + number);
    }

    /** The first steps of qmail-queue: a message without an envelope. */
    long unfinished(String text) throws IOException {
        Path pid = queue.resolve("pid/4431.1.1");
        Files.write(pid, Octets.of(text));
        long number = (long) Files.getAttribute(pid, "unix:ino");
        Files.createLink(file("mess", number), pid);
        Files.delete(pid);
        return number;
    }

    /** All steps of qmail-queue. */
    long queued(String text, String envelope) throws IOException {
        long number = unfinished(text);
        write("intd", number, envelope);
        Files.createLink(file("todo", number), file("intd", number));
        return number;
    }

    /** A message that qmail-send has preprocessed; an empty text is a file that is not there. */
    long preprocessed(String text, Instant birth, String sender, String local, String remote) throws IOException {
        long number = queued(text, "u7\0p8\0F" + sender + "\0");
        write("info", number, "F" + sender + "\0");
        Files.setLastModifiedTime(file("info", number), FileTime.from(birth));
        if (!local.isEmpty()) {
            write("local", number, local);
        }
        if (!remote.isEmpty()) {
            write("remote", number, remote);
        }
        Files.delete(file("intd", number));
        Files.delete(file("todo", number));
        return number;
    }

    void write(String directory, long number, String text) throws IOException {
        Files.write(file(directory, number), Octets.of(text));
    }
}
