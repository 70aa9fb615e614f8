package org.tawnymail.receive;

/**
 * Makes LF of CR LF, and leaves every other CR as it is: how QMTP sends text of systems that end lines so (core spec, section
 * 9.2).
 */
final class CrLfDecoder implements DataDecoder.Sink {

    private static final byte[] CR = {'\r'};

    private final DataDecoder.Sink sink;
    /** The piece before ended with a CR, which has not been handed on yet. */
    private boolean crBefore;

    CrLfDecoder(DataDecoder.Sink sink) {
        this.sink = sink;
    }

    /** Decodes a piece where it lies. */
    @Override
    public void take(byte[] bytes, int from, int to) {
        if (from == to) {
            return;
        }
        if (crBefore && bytes[from] != '\n') {
            sink.take(CR, 0, 1);
        }
        crBefore = bytes[to - 1] == '\r';
        int end = crBefore ? to - 1 : to;
        int put = from;
        for (int read = from; read < end; read++) {
            if (bytes[read] != '\r' || read + 1 == end || bytes[read + 1] != '\n') {
                bytes[put++] = bytes[read];
            }
        }
        if (put > from) {
            sink.take(bytes, from, put);
        }
    }

    /** The text has ended. */
    void end() {
        if (crBefore) {
            crBefore = false;
            sink.take(CR, 0, 1);
        }
    }
}
