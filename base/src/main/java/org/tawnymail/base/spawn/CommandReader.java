package org.tawnymail.base.spawn;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads what qmail-send writes to a spawner. Nothing in it is believed, and nothing of it takes more memory than a bit. */
final class CommandReader {

    /** Longer names of messages are refused, however long they are (core spec, section 5.1). */
    static final int LONGEST_MESSAGE = 99;

    /** Longer addresses than any that the queue takes, even when VERP joins two of them. */
    static final int LONGEST_ADDRESS = 64 << 10;

    private static final int BUFFER_SIZE = 8192;

    /**
     * One command as it was read.
     *
     * @param isWhole whether the addresses are all there; the name of a message may always have lost its end
     */
    record Read(SpawnCommand command, boolean isWhole) {}

    private final InputStream in;
    private boolean cut;
    private boolean ended;

    CommandReader(InputStream in) {
        this.in = new BufferedInputStream(in, BUFFER_SIZE);
    }

    /** The next command; nothing at the end, and nothing for a command that the end cuts off. */
    Optional<Read> next() throws IOException {
        int slot = in.read();
        if (slot < 0) {
            return Optional.empty();
        }
        String message = text(LONGEST_MESSAGE + 1);
        cut = false;
        String sender = text(LONGEST_ADDRESS);
        String recipient = text(LONGEST_ADDRESS);
        return ended
                ? Optional.empty()
                : Optional.of(new Read(new SpawnCommand(slot, message, sender, recipient), !cut));
    }

    /** The octets up to a NUL; of too many the first. */
    private String text(int longest) throws IOException {
        StringBuilder text = new StringBuilder();
        int octet;
        while ((octet = in.read()) > 0) {
            if (text.length() < longest) {
                text.append((char) octet);
            } else {
                cut = true;
            }
        }
        ended |= octet < 0;
        return text.toString();
    }
}
