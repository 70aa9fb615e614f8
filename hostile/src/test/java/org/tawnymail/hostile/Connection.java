package org.tawnymail.hostile;

import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;

/** A stream that delivers its octets in random parts, as a connection does, and then ends. */
public final class Connection extends InputStream {

    private final byte[] octets;
    private final int[] cuts;
    private int at;
    private int cut;

    public Connection(byte[] octets, Random random) {
        this.octets = octets;
        this.cuts = InputMaker.cuts(random, octets.length);
    }

    @Override
    public int read() {
        return at < octets.length ? octets[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (at == octets.length) {
            return -1;
        }
        while (cut < cuts.length && cuts[cut] <= at) {
            cut++;
        }
        int end = cut < cuts.length ? cuts[cut] : octets.length;
        int count = Math.min(length, end - at);
        System.arraycopy(octets, at, buffer, offset, count);
        at += count;
        return count;
    }

    /** What has not been read. */
    public byte[] rest() {
        return Arrays.copyOfRange(octets, at, octets.length);
    }
}
