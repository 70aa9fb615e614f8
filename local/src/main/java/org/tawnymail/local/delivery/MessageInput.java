package org.tawnymail.local.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
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
 * child process is to inherit it, a file without a name is made of it in memory, and everybody reads that from then on. So a
 * child of {@code condredirect} gets a seekable file as well, and a {@code forward} costs no file.
 *
 * <p>For one reader at a time.
 */
final class MessageInput extends SeekableInput implements OpenFile {

    private static final int BUFFER = 8 * 1024;

    private final MessageBytes message;
    private @Nullable InputStream inside;
    private long position;
    private @Nullable ScratchFile file;

    MessageInput(MessageBytes message) {
        this.message = message;
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
            made = ScratchFile.inMemory();
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
