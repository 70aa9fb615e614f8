package org.tawnymail.queue.adopt;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.disk.Disk;

/** Reads the records of a {@code todo}, {@code info}, {@code local} or {@code remote} file: a letter, text, NUL. */
final class OldRecords implements Closeable {

    /** qmail-queue takes addresses of 1002 bytes, and virtualdomains makes them longer. */
    private static final int LONGEST = 8 << 10;

    private static final int FIRST_BUFFER = 128;

    private final OldFile file;
    private final InputStream in;
    private byte[] text = new byte[FIRST_BUFFER];
    private int length;
    private char type;

    private OldRecords(OldFile file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    static OldRecords of(Disk disk, OldFile file) throws IOException, DamagedOldFile {
        return new OldRecords(
                file,
                new BufferedInputStream(disk.input(file.thatHoldsSomething().path())));
    }

    /** Goes to the next record; false at the end of the file. */
    boolean next() throws IOException, DamagedOldFile {
        int first = in.read();
        if (first < 0) {
            return false;
        }
        type = (char) first;
        length = 0;
        int octet = first == 0 ? 0 : in.read();
        while (octet > 0) {
            if (length == LONGEST) {
                throw damaged("a record has more than " + LONGEST + " bytes");
            }
            if (length == text.length) {
                text = Arrays.copyOf(text, 2 * length);
            }
            text[length++] = (byte) octet;
            octet = in.read();
        }
        if (octet < 0) {
            throw damaged("it ends in the middle of a record");
        }
        return true;
    }

    /** The letter of the record. */
    char type() {
        return type;
    }

    /** Its text. */
    String text() {
        return Octets.text(text, 0, length);
    }

    DamagedOldFile unknownType() {
        return damaged("it has a record of the unknown type " + (type > ' ' && type <= '~' ? type : "#" + (int) type));
    }

    DamagedOldFile damaged(String why) {
        return new DamagedOldFile(file.label(), why);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
