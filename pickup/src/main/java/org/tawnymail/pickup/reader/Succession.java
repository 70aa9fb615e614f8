package org.tawnymail.pickup.reader;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.time.MboxDate;
import org.tawnymail.local.mailbox.MailboxDisk;
import org.tawnymail.local.mailbox.MboxQuoting;
import org.tawnymail.pickup.pop3.Maildrop;

/** Replaces a locked mbox by one that holds the messages of a Maildir as well, durably. */
final class Succession {

    private static final int BUFFER = 32 * 1024;

    /** The first line of a delivery in a Maildir; no address makes it longer than this. */
    private static final int LONGEST_FIRST_LINE = 4096;

    private static final String RETURN_PATH = "Return-Path: <";

    private final MailboxDisk disk;
    private final Path maildir;
    private final Maildir2mbox.Named mbox;
    private final Maildir2mbox.Named successor;

    Succession(MailboxDisk disk, Path maildir, Maildir2mbox.Named mbox, Maildir2mbox.Named successor) {
        this.disk = disk;
        this.maildir = maildir;
        this.mbox = mbox;
        this.successor = successor;
    }

    /**
     * Does it; when this returns, the mbox is the new one, whatever happens from now on.
     *
     * @param size how much the mbox holds
     */
    void put(Maildrop messages, long size) throws Complaint {
        write(messages, size);
        try {
            disk.rename(successor.path(), mbox.path());
        } catch (IOException e) {
            throw Maildir2mbox.fatal(
                    "unable to move " + successor.name() + " to " + mbox.name() + ": " + Errno.text(e));
        }
        try {
            forceName();
        } catch (IOException e) {
            throw Maildir2mbox.fatal("unable to write " + mbox.name() + ": " + Errno.text(e));
        }
    }

    private void write(Maildrop messages, long size) throws Complaint {
        try {
            disk.delete(successor.path());
            try (MailboxDisk.MailboxFile file = disk.create(successor.path())) {
                Files.setPosixFilePermissions(successor.path(), Files.getPosixFilePermissions(mbox.path()));
                copyOld(file, size);
                for (int number = 1; number <= messages.last(); number++) {
                    copy(messages.path(number), file);
                }
                file.force();
            }
        } catch (Complaint told) {
            throw told;
        } catch (IOException e) {
            throw Maildir2mbox.fatal("unable to write " + successor.name() + ": " + Errno.text(e));
        }
    }

    /** The old mbox as it is; half a message at its end, as a crash may leave it, gets its end. */
    private void copyOld(MailboxDisk.MailboxFile file, long size) throws IOException {
        if (size == 0) {
            return;
        }
        try (Source in = new Source(mbox.name(), mbox.path())) {
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                file.write(buffer, 0, read);
            }
        }
        byte[] missing = MboxQuoting.missingEnd(disk.read(mbox.path(), Math.max(0, size - 2), 2));
        file.write(missing, 0, missing.length);
    }

    private void copy(Path message, MailboxDisk.MailboxFile file) throws IOException {
        try (Source in = new Source(Maildir2mbox.inMaildir(maildir, message), message)) {
            byte[] start = in.first(LONGEST_FIRST_LINE);
            MboxQuoting out = new MboxQuoting(file);
            out.raw(Octets.of("From " + sender(start) + " " + MboxDate.of(in.changed()) + "\n"));
            out.message(start, start.length);
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.message(buffer, read);
            }
            out.end();
        }
    }

    /** Who the From line names: what the delivery noted in the first line, if it did. */
    private static String sender(byte[] start) {
        String text = Octets.text(start);
        int end = text.indexOf('\n');
        if (end < 0 || !text.startsWith(RETURN_PATH) || text.charAt(end - 1) != '>') {
            return "XXX";
        }
        String sender = text.substring(RETURN_PATH.length(), end - 1);
        return sender.isEmpty() ? "MAILER-DAEMON" : sender.replace(' ', '-').replace('\t', '-');
    }

    private void forceName() throws IOException {
        Path parent = mbox.path().getParent();
        if (parent == null) {
            throw new IOException(Errno.ENOENT.text());
        }
        try (MailboxDisk.Directory directory = disk.open(parent)) {
            directory.force();
        }
    }

    /** A file to copy, whose failures name it. */
    private static final class Source implements AutoCloseable {

        private final String name;
        private final Path path;
        private final InputStream in;

        Source(String name, Path path) throws Complaint {
            this.name = name;
            this.path = path;
            try {
                this.in = Files.newInputStream(path);
            } catch (IOException e) {
                throw unreadable(e);
            }
        }

        int read(byte[] buffer) throws Complaint {
            try {
                return in.read(buffer);
            } catch (IOException e) {
                throw unreadable(e);
            }
        }

        byte[] first(int count) throws Complaint {
            try {
                byte[] first = new byte[count];
                return Arrays.copyOf(first, in.readNBytes(first, 0, count));
            } catch (IOException e) {
                throw unreadable(e);
            }
        }

        Instant changed() throws Complaint {
            try {
                return Files.getLastModifiedTime(path).toInstant();
            } catch (IOException e) {
                throw unreadable(e);
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }

        private Complaint unreadable(IOException why) {
            return Maildir2mbox.fatal("unable to read " + name + ": " + Errno.text(why));
        }
    }
}
