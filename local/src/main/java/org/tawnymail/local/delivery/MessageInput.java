package org.tawnymail.local.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.posix.FileIdentity;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.posix.OpenFileInput;
import org.tawnymail.base.posix.ScratchFile;
import org.tawnymail.base.program.OpenFile;
import org.tawnymail.base.program.SeekableInput;
import org.tawnymail.local.mailbox.MessageBytes;

/**
 * Descriptor 0 of the programs of one delivery: a file of exactly the message, with one position that all share (core
 * spec, section 6.5).
 *
 * <p>As long as only programs inside this process read it, it stands on the message as the queue has it. When the first
 * child process is to inherit it, a file without a name is made of it, and everybody reads that from then on. So a child of
 * {@code condredirect} gets a seekable file as well, and a {@code forward} costs no file. A short message's file is in
 * memory, a long one's in the directory for temporary files.
 *
 * <p>For one reader at a time.
 */
final class MessageInput extends SeekableInput implements OpenFile {

    private static final int BUFFER = 8 * 1024;

    private static final Path TEMPORARY_FILES = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));

    private final MessageBytes message;
    private final Optional<Identity> user;
    private @Nullable InputStream inside;
    private long position;
    private @Nullable ScratchFile file;

    /** @param user whom the file is to belong to, so that a program can open it once more as {@code /dev/stdin} */
    MessageInput(MessageBytes message, Optional<Identity> user) {
        this.message = message;
        this.user = user;
    }

    @Override
    public void rewind() throws IOException {
        position = 0;
        inside = null;
        if (file != null) {
            file.input().rewind();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (file != null) {
            return file.input().read(to, offset, length);
        }
        InputStream in = inside;
        if (in == null) {
            inside = in = message.read();
        }
        int read = in.read(to, offset, length);
        position += Math.max(0, read);
        return read;
    }

    /** Makes the file that a child process can inherit, unless there is one. */
    OpenFileInput materialize() throws IOException {
        ScratchFile made = file;
        if (made == null) {
            made = message.isWhole() ? ScratchFile.inMemory() : onDisk();
            try {
                copyTo(made.output());
                made.input().rewind();
                made.input().skipNBytes(position);
                file = made;
            } finally {
                if (file == null) {
                    made.close();
                }
            }
        }
        return made.input();
    }

    @Override
    public int fileNumber() {
        try {
            return materialize().fileNumber();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ScratchFile onDisk() throws IOException {
        try {
            return user.isPresent()
                    ? FileIdentity.call(user.get(), () -> ScratchFile.on(TEMPORARY_FILES))
                    : ScratchFile.on(TEMPORARY_FILES);
        } catch (IOException notThere) {
            return ScratchFile.inMemory(); // a file system without files that have no name
        }
    }

    private void copyTo(OutputStream out) throws IOException {
        InputStream in = message.read();
        inside = null;
        byte[] buffer = new byte[BUFFER];
        int read = in.read(buffer);
        while (read >= 0) {
            out.write(buffer, 0, read);
            read = in.read(buffer);
        }
        out.flush();
    }

    /** Lets go of the file that was made for child processes; the message itself stays open. */
    @Override
    public void close() throws IOException {
        // A program closes its descriptor 0; the next one still needs it.
    }

    /** The end of the delivery. */
    void release() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
