package org.tawnymail.base.cdb;

/** The hash of a key, and what follows from it (core spec, section 13.1). */
final class CdbHash {

    static final int TABLES = 256;

    /** The size of the header and the position of the first record. */
    static final int HEADER_SIZE = TABLES * 8;

    static final int SLOT_SIZE = 8;
    static final int RECORD_HEADER_SIZE = 8;

    private static final int START = 5381;

    static int of(byte[] key) {
        int hash = START;
        for (byte octet : key) {
            hash = (hash + (hash << 5)) ^ (octet & 0xff);
        }
        return hash;
    }

    static int table(int hash) {
        return hash & (TABLES - 1);
    }

    /** Where in a table of that many slots the search begins. */
    static long firstSlot(int hash, long slots) {
        return (hash >>> 8) % slots;
    }

    private CdbHash() {}
}
