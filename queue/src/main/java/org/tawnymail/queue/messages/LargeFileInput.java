package org.tawnymail.queue.messages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.tawnymail.base.program.OpenFile;
import org.tawnymail.base.program.SeekableInput;
import org.tawnymail.queue.DamagedMessage;

/**
 * Reads a file of its own. Its checksum is compared before the last part is handed out, so a reader of a damaged file never
 * comes to the end. Before a child process can be handed the open file itself, all of it is read and compared.
 */
class LargeFileInput extends SeekableInput {

    private static final int BUFFER = 64 << 10;

    /** Is told how a reading to the end has ended. */
    @FunctionalInterface
    interface Verdict {

        Verdict NOBODY_ASKS = (_, _) -> {};

        void is(boolean whole, String what);
    }

    /**
     * What a file should hold.
     *
     * @param path the file, for words
     * @param message whose it is
     */
    record Expected(Path path, long message, long size, int crc) {}

    /** One whose file can be handed to a child process as it is. */
    private static final class Open extends LargeFileInput implements OpenFile {

        private final OpenFile file;
        private boolean compared;

        Open(SeekableInput in, OpenFile file, Expected expected, Verdict verdict) {
            super(in, expected, verdict);
            this.file = file;
        }

        @Override
        public int fileNumber() {
            if (!compared) {
                try {
                    compareAll();
                } catch (IOException damaged) {
                    throw new UncheckedIOException(damaged);
                }
                compared = true;
            }
            return file.fileNumber();
        }
    }

    private final SeekableInput in;
    private final Expected expected;
    private final Verdict verdict;
    private final CRC32C crc = new CRC32C();
    private long position;

    private LargeFileInput(SeekableInput in, Expected expected, Verdict verdict) {
        this.in = in;
        this.expected = expected;
        this.verdict = verdict;
    }

    static SeekableInput of(SeekableInput in, Expected expected, Verdict verdict) {
        return in instanceof OpenFile file
                ? new Open(in, file, expected, verdict)
                : new LargeFileInput(in, expected, verdict);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == expected.size) {
            return -1;
        }
        int got;
        try {
            got = in.read(into, offset, (int) Math.min(length, expected.size - position));
        } catch (IOException e) {
            throw damaged("cannot be read: " + e.getMessage());
        }
        if (got < 0) {
            throw damaged("has " + position + " bytes instead of " + expected.size);
        }
        crc.update(into, offset, got);
        position += got;
        if (position == expected.size) {
            if ((int) crc.getValue() != expected.crc) {
                throw damaged("is not what it was");
            }
            verdict.is(true, "");
        }
        return got;
    }

    private DamagedMessage damaged(String how) {
        String what = expected.path + " " + how;
        verdict.is(false, what);
        return new DamagedMessage(expected.message, what);
    }

    /** Reads everything, which must be all that there is, and goes back to where it was. */
    void compareAll() throws IOException {
        long before = position;
        rewind();
        byte[] buffer = new byte[BUFFER];
        int got = 0;
        while (got >= 0) {
            got = read(buffer, 0, buffer.length);
        }
        if (in.read() >= 0) {
            throw damaged("has more than " + expected.size + " bytes");
        }
        rewind();
        skipNBytes(before);
    }

    @Override
    public void rewind() throws IOException {
        in.rewind();
        position = 0;
        crc.reset();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
