package org.tawnymail.base.spawn;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads what a spawner writes: its capacity, then reports. What it writes is a stranger's word. For one reader. */
public final class ReportReader {

    private static final int BUFFER_SIZE = 8192;

    private final InputStream in;
    private final byte[] report = new byte[SpawnReport.LONGEST];

    public ReportReader(InputStream in) {
        this.in = new BufferedInputStream(in, BUFFER_SIZE);
    }

    /** The first byte: how many deliveries the spawner makes at one time; nothing if it says nothing. */
    public OptionalInt capacity() throws IOException {
        int octet = in.read();
        return octet < 0 ? OptionalInt.empty() : OptionalInt.of(octet);
    }

    /** The next report; nothing at the end. Of a longer one than {@link SpawnReport#LONGEST} the end is lost. */
    public Optional<SpawnReport> next() throws IOException {
        int length = 0;
        int octet;
        while ((octet = in.read()) >= 0) {
            if (octet == 0 && length > 0) {
                return Optional.of(SpawnReport.parse(report, length));
            }
            if (length < report.length) {
                report[length++] = (byte) octet;
            }
        }
        return Optional.empty();
    }
}
