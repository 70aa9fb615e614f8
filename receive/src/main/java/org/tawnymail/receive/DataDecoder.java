package org.tawnymail.receive;

/**
 * Takes the transparency of SMTP off a message and finds its end (core spec, section 8.7; RFC 5321, section 4.5.2).
 *
 * <pre>
 *   state             LF          CR             '.'              other
 *   0 in line         bare LF     -> 4           put              put
 *   1 line start      bare LF     -> 4           -> 2             put -> 0
 *   2 after start dot bare LF     -> 3           put -> 0         put -> 0
 *   3 dot CR          end         put .CR -> 4   put .CR. -> 0    put .CR ch -> 0
 *   4 after CR        put LF -> 1 put CR         put CR . -> 0    put CR ch -> 0
 * </pre>
 *
 * <p>Only CR LF dot CR LF is the end; any other sequence that some server might take for it is either text or a bare LF,
 * which ends the session. So nothing that two servers could read differently gets past here.
 *
 * <p>A block is decoded in place: what is put is never longer than what was taken, except for the one or two bytes that
 * the block before had left open, and those are given to the sink by themselves. Within a line whole runs are moved, not
 * bytes.
 */
final class DataDecoder {

    /** Takes the decoded bytes, line ends as LF. */
    interface Sink {
        void take(byte[] bytes, int from, int to);
    }

    /** What a block led to. */
    enum Progress {
        /** The message goes on. */
        MORE,
        /** The end of the message; {@link #position} is behind it. */
        END,
        /** A LF without CR in front of it; {@link #position} is behind it. */
        BARE_LF
    }

    private static final int IN_LINE = 0;
    private static final int LINE_START = 1;
    private static final int START_DOT = 2;
    private static final int DOT_CR = 3;
    private static final int AFTER_CR = 4;

    private static final byte CR = '\r';
    private static final byte LF = '\n';

    private static final byte[] DOT_CR_OCTETS = {'.', CR};

    private final Sink sink;
    private int state = LINE_START;
    private int position;

    DataDecoder(Sink sink) {
        this.sink = sink;
    }

    /** How far the last block was read. */
    int position() {
        return position;
    }

    /** Decodes a block, which is overwritten. */
    Progress decode(byte[] block, int from, int to) {
        int read = settle(block, from, to);
        int start = read;
        int put = start;
        Progress progress = Progress.MORE;
        while (read < to && progress == Progress.MORE) {
            if (state == IN_LINE) {
                int end = endOfRun(block, read, to);
                if (put != read) {
                    System.arraycopy(block, read, block, put, end - read);
                }
                put += end - read;
                read = end;
                if (read == to) {
                    break;
                }
            }
            byte b = block[read++];
            if (b == LF) {
                switch (state) {
                    case DOT_CR -> progress = Progress.END;
                    case AFTER_CR -> {
                        block[put++] = LF;
                        state = LINE_START;
                    }
                    default -> progress = Progress.BARE_LF;
                }
            } else if (b == CR) {
                switch (state) {
                    case DOT_CR -> {
                        block[put++] = '.';
                        block[put++] = CR;
                        state = AFTER_CR;
                    }
                    case AFTER_CR -> block[put++] = CR;
                    default -> state = state == START_DOT ? DOT_CR : AFTER_CR;
                }
            } else if (b == '.' && state == LINE_START) {
                state = START_DOT;
            } else {
                if (state == DOT_CR) {
                    block[put++] = '.';
                }
                if (state == DOT_CR || state == AFTER_CR) {
                    block[put++] = CR;
                }
                block[put++] = b;
                state = IN_LINE;
            }
        }
        position = read;
        if (put > start) {
            sink.take(block, start, put);
        }
        return progress;
    }

    /**
     * Settles what the end of the block before left open, for which there would be no room in front of this block.
     *
     * @return where to go on
     */
    private int settle(byte[] block, int from, int to) {
        int read = from;
        if (state == START_DOT && read < to && block[read] == CR) {
            state = DOT_CR;
            read++;
        }
        if (read < to && block[read] != LF && (state == DOT_CR || state == AFTER_CR)) {
            sink.take(DOT_CR_OCTETS, state == DOT_CR ? 0 : 1, DOT_CR_OCTETS.length);
            state = IN_LINE;
        }
        return read;
    }

    private static int endOfRun(byte[] block, int from, int to) {
        int at = from;
        while (at < to && block[at] != CR && block[at] != LF) {
            at++;
        }
        return at;
    }
}
