package org.tawnymail.remote.host;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Which addresses did not answer lately: 64 records and the rules for them (core spec, section 7.7). As a file:
 *
 * <pre>
 *   0               4       5         8               12         16
 *   | IPv4 address  | count | zeros   | time, seconds | zeros    |     64 times
 *                                       little-endian
 * </pre>
 *
 * <p>The times are seconds since 1970. A record whose count is 0 is free; its address stays in it. Used by one thread.
 */
final class TimeoutTable {

    static final int RECORDS = 64;
    static final int RECORD_LENGTH = 16;
    static final int LENGTH = RECORDS * RECORD_LENGTH;

    private static final int COUNT_AT = 4;
    private static final int TIME_AT = 8;
    private static final int TIME_LENGTH = 4;
    private static final int ADDRESS_LENGTH = 4;

    /** One timeout may be chance; two in a row are a host that is down. */
    private static final int DEAD_COUNT = 2;

    private static final int LARGEST_COUNT = 10;

    /** Timeouts that come this close together are one and the same trouble. */
    private static final long SAME_TROUBLE_SECONDS = 120;

    /** Not tried again for this many units of 64 seconds, and up to {@value #SPREAD} more. */
    private static final long DEAD_UNITS = 60;

    /** How many units of 64 seconds the end of the pause is spread over, so that not all mail tries at once. */
    static final int SPREAD = 32;

    private static final long UNIT_SECONDS = 64;

    /** What a count weighs against age when a record has to make room. */
    private static final long COUNT_WEIGHT_SECONDS = 1024;

    private final byte[][] addresses = new byte[RECORDS][];
    private final int[] counts = new int[RECORDS];
    private final long[] times = new long[RECORDS];

    TimeoutTable() {
        Arrays.fill(addresses, new byte[ADDRESS_LENGTH]);
    }

    /** The table of a file; one that is shorter than {@value #LENGTH} octets has no records. */
    static TimeoutTable of(byte[] octets) {
        TimeoutTable table = new TimeoutTable();
        for (int i = 0; i < RECORDS && octets.length >= LENGTH; i++) {
            int at = i * RECORD_LENGTH;
            table.addresses[i] = Arrays.copyOfRange(octets, at, at + ADDRESS_LENGTH);
            table.counts[i] = octets[at + COUNT_AT] & 0xff;
            for (int j = TIME_LENGTH - 1; j >= 0; j--) {
                table.times[i] = table.times[i] << 8 | (octets[at + TIME_AT + j] & 0xff);
            }
        }
        return table;
    }

    /** The table as a file; only for IPv4 addresses. */
    byte[] octets() {
        byte[] octets = new byte[LENGTH];
        for (int i = 0; i < RECORDS; i++) {
            int at = i * RECORD_LENGTH;
            System.arraycopy(addresses[i], 0, octets, at, ADDRESS_LENGTH);
            octets[at + COUNT_AT] = (byte) counts[i];
            for (int j = 0; j < TIME_LENGTH; j++) {
                octets[at + TIME_AT + j] = (byte) (times[i] >>> (8 * j));
            }
        }
        return octets;
    }

    /** The IPv4 address of a record. */
    InetAddress address(int record) {
        try {
            return InetAddress.getByAddress(addresses[record]);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address of another length than four", impossible);
        }
    }

    /** How many timeouts an address had in a row; 0 for a free record. */
    int count(int record) {
        return counts[record];
    }

    long time(int record) {
        return times[record];
    }

    /**
     * Whether an address is to be left alone.
     *
     * @param spread 0 to 31: by how many units of 64 seconds the pause is longer than an hour
     */
    boolean isDead(byte[] address, long now, int spread) {
        int record = find(address);
        return record >= 0
                && counts[record] >= DEAD_COUNT
                && isWithin((DEAD_UNITS + spread) * UNIT_SECONDS, times[record], now);
    }

    /** Notes that an address did not answer; says whether that changed anything. */
    boolean timedOut(byte[] address, long now) {
        int record = find(address);
        if (record < 0) {
            record = leastWorth();
            addresses[record] = address.clone();
            counts[record] = 0;
        } else if (counts[record] > 0 && isWithin(SAME_TROUBLE_SECONDS, times[record], now)) {
            return false;
        }
        counts[record] = Math.min(counts[record] + 1, LARGEST_COUNT);
        times[record] = now;
        return true;
    }

    /** Notes that an address answered, if only to refuse; says whether that changed anything. */
    boolean answered(byte[] address) {
        int record = find(address);
        if (record < 0 || counts[record] == 0) {
            return false;
        }
        counts[record] = 0;
        return true;
    }

    /** A time that is still to come was never written by a clock that is right: a host would be dead until it has come. */
    private static boolean isWithin(long seconds, long then, long now) {
        return then <= now && now - then < seconds;
    }

    private int find(byte[] address) {
        for (int i = 0; i < RECORDS; i++) {
            if (Arrays.equals(addresses[i], address)) {
                return i;
            }
        }
        return -1;
    }

    private int leastWorth() {
        int least = 0;
        for (int i = 0; i < RECORDS; i++) {
            if (counts[i] == 0) {
                return i;
            }
            if (worth(i) < worth(least)) {
                least = i;
            }
        }
        return least;
    }

    private long worth(int record) {
        return times[record] + COUNT_WEIGHT_SECONDS * counts[record];
    }
}
