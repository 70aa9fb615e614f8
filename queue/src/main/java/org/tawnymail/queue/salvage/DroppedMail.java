package org.tawnymail.queue.salvage;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.disk.FileFacts;
import org.tawnymail.queue.door.DropDirectory;
import org.tawnymail.queue.journal.SetAside;
import org.tawnymail.queue.messages.Shelf;

/**
 * What other processes have submitted and the owner of the queue has not taken in: it becomes files with the names of those of
 * a message, {@code drop.NAME} in the place of its number. A submission has no checksum: whole is one that has its end.
 */
final class DroppedMail {

    /** How the names of those that were set aside begin. */
    static final String SET_ASIDE = "drop.";

    private final Disk disk;
    private final Path queue;
    private final Shelf shelf;
    private final Consumer<String> report;
    private int messages;
    private int damaged;

    DroppedMail(Disk disk, Path queue, Shelf shelf, Consumer<String> report) {
        this.disk = disk;
        this.queue = queue;
        this.shelf = shelf;
        this.report = report;
    }

    int messages() {
        return messages;
    }

    int damaged() {
        return damaged;
    }

    void salvage() throws IOException {
        for (Path directory : List.of(DropDirectory.in(queue), DropDirectory.intake(queue))) {
            for (String name : names(directory)) {
                // What was being written when its writer ended was never accepted.
                if (!name.startsWith(DropDirectory.UNFINISHED)) {
                    salvage(directory.resolve(name), SET_ASIDE + name);
                }
            }
        }
        for (String name : names(SetAside.in(queue))) {
            if (name.startsWith(SET_ASIDE)) {
                salvage(SetAside.in(queue).resolve(name), name);
            }
        }
    }

    private List<String> names(Path directory) throws IOException {
        try {
            return disk.list(directory).stream().sorted().toList();
        } catch (NoSuchFileException none) {
            return List.of();
        }
    }

    private void salvage(Path file, String name) throws IOException {
        if (!disk.facts(file).map(FileFacts::isFile).orElse(false)) {
            return;
        }
        messages++;
        Written written = new Written(name);
        try (InputStream in = new BufferedInputStream(disk.input(file));
                written) {
            DropDirectory.read(in, written);
            report.accept(name + ": from <" + Salvage.printable(written.sender) + ">: whole, " + written.recipients
                    + (written.recipients == 1 ? " recipient" : " recipients"));
        } catch (Shelved trouble) {
            throw trouble.cause;
        } catch (IOException none) {
            damaged++;
            report.accept(name + ": damaged: " + none.getMessage());
        }
    }

    /** What was read cannot be written: nobody's mail is damaged for that. */
    private static final class Shelved extends RuntimeException {
        private final IOException cause;

        Shelved(IOException cause) {
            super(cause);
            this.cause = cause;
        }
    }

    /** A submission that becomes files. */
    private final class Written implements Submission {

        private final String name;
        private @Nullable OutputStream text;
        private String sender = "";
        private int recipients;

        Written(String name) {
            this.name = name;
        }

        @Override
        public OutputStream message() {
            try {
                OutputStream out = shelf.create(name + ".damaged");
                text = out;
                return new OutputStream() {
                    @Override
                    public void write(int octet) {
                        write(new byte[] {(byte) octet}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) {
                        try {
                            out.write(bytes, offset, length);
                        } catch (IOException e) {
                            throw new Shelved(e);
                        }
                    }
                };
            } catch (IOException e) {
                throw new Shelved(e);
            }
        }

        @Override
        public QueueResult commit(String itsSender, Iterable<String> itsRecipients) {
            sender = itsSender;
            try {
                close();
                try (OutputStream envelope = shelf.create(name + ".env.damaged")) {
                    envelope.write(Octets.of("F" + sender + "\0"));
                    for (String recipient : itsRecipients) {
                        envelope.write(Octets.of("T" + recipient + "\0"));
                        recipients++;
                    }
                    envelope.write(0);
                }
                shelf.rename(name + ".env.damaged", name + ".env");
                shelf.rename(name + ".damaged", name + ".msg");
                return new QueueResult.Accepted(0);
            } catch (IOException e) {
                throw new Shelved(e);
            }
        }

        @Override
        public void close() {
            OutputStream out = text;
            text = null;
            if (out != null) {
                try {
                    out.close();
                } catch (IOException e) {
                    throw new Shelved(e);
                }
            }
        }
    }
}
