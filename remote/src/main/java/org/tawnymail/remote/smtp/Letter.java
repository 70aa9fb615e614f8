package org.tawnymail.remote.smtp;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.program.SeekableInput;

/**
 * A message on its way out: its octets, and what MAIL says of them.
 *
 * <p>The first block is read at once, so that a small message is read only once. Whether there is an octet above 127 is known
 * from a first reading, which is made for servers that care; where a second is not possible, such octets are assumed, which is
 * always allowed (RFC 6152).
 *
 * <p>Its text can be sent once. Used by one thread.
 */
public final class Letter implements Closeable {

    private static final int BLOCK = 8192;

    private final InputStream in;
    private final OptionalLong size;
    private final Optional<SeekableInput> again;
    private final byte[] block;
    private int filled;

    /** Whether {@link #block} holds the last octet of the message. */
    private boolean ended;

    private Optional<Boolean> eightBit = Optional.empty();

    /** A message of the queue. */
    public static Letter of(MessageSource message) throws IOException {
        SeekableInput in = message.open();
        try {
            return new Letter(in, Optional.of(in), OptionalLong.of(message.size()));
        } catch (IOException | RuntimeException unreadable) {
            in.close();
            throw unreadable;
        }
    }

    /** A message of unknown size, from where the stream stands: descriptor 0 of a program. */
    public static Letter of(InputStream in) throws IOException {
        return new Letter(in, Optional.empty(), OptionalLong.empty());
    }

    private Letter(InputStream in, Optional<SeekableInput> again, OptionalLong size) throws IOException {
        this.in = in;
        this.again = again;
        this.size = size;
        this.block = new byte[Math.clamp(size.orElse(BLOCK), 1, BLOCK)];
        fill();
        if (size.isPresent() && filled == size.getAsLong()) {
            ended = true;
        }
    }

    /** The octets as they lie here, with LF as line end; nothing if that is not known. */
    OptionalLong size() {
        return size;
    }

    /** Whether there may be an octet above 127. To be asked before the text is sent. */
    boolean isEightBit() throws Unreadable {
        if (eightBit.isEmpty()) {
            try {
                eightBit = Optional.of(hasEightBit() || (!ended && (again.isEmpty() || restHasEightBit(again.get()))));
            } catch (IOException e) {
                throw new Unreadable(e);
            }
        }
        return eightBit.get();
    }

    /**
     * Writes the text, encoded; whether it is whole, the encoder knows.
     *
     * @throws Unreadable if the message cannot be read; any other exception is the encoder's
     */
    void writeTo(DotStuffing encoder) throws IOException {
        while (filled > 0) {
            encoder.write(block, filled);
            if (ended) {
                return;
            }
            try {
                fill();
            } catch (IOException e) {
                throw new Unreadable(e);
            }
        }
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException unclosable) {
            // What was read was read, and what the host said of it stands.
        }
    }

    /** The message itself could not be read. */
    static final class Unreadable extends IOException {
        private Unreadable(IOException cause) {
            super("unable to read message", cause);
        }
    }

    private void fill() throws IOException {
        filled = in.readNBytes(block, 0, block.length);
        ended = filled < block.length;
    }

    private boolean hasEightBit() {
        int bits = 0;
        for (int i = 0; i < filled; i++) {
            bits |= block[i];
        }
        return bits < 0;
    }

    private boolean restHasEightBit(SeekableInput again) throws IOException {
        boolean found = false;
        while (!ended && !found) {
            fill();
            found = hasEightBit();
        }
        again.rewind();
        fill();
        return found;
    }
}
