package org.tawnymail.remote;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.SeekableInput;

/** A message in memory. */
public final class TextMessage implements MessageSource {

    private final byte[] octets;

    public TextMessage(String text) {
        this.octets = Octets.of(text);
    }

    @Override
    public long size() {
        return octets.length;
    }

    @Override
    public SeekableInput open() {
        ByteArrayInputStream in = new ByteArrayInputStream(octets);
        return new SeekableInput() {
            @Override
            public int read() {
                return in.read();
            }

            @Override
            public int read(byte[] to, int from, int length) throws IOException {
                return in.read(to, from, length);
            }

            @Override
            public void rewind() {
                in.reset();
            }
        };
    }
}
