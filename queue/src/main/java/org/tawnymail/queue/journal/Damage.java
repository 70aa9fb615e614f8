package org.tawnymail.queue.journal;

import java.nio.file.Path;

/**
 * A part of a segment that does not hold what was written there.
 *
 * @param kind what is known about it
 * @param segment the file
 * @param from the offset of its first byte
 * @param to the offset behind its last byte
 * @param message whose record stands there, by the look of it; {@link #UNKNOWN} if nothing shows it
 */
public record Damage(Kind kind, Path segment, int from, int to, long message) {

    public static final long UNKNOWN = 0;

    /** What a place that does not hold is. */
    public enum Kind {
        /** Records that had been durable are not there any more. */
        LOST,
        /** The record of a message stands there with its number; its text or its envelope is not what it was. */
        CONTENT,
        /** Nothing shows that it ever was whole: it was being written when the power went. */
        TORN
    }

    /** One line for an operator. */
    public String line() {
        String place = segment + " " + (kind == Kind.TORN ? "ends torn" : "is damaged") + ": ";
        String bytes = (to - from) + " bytes from offset " + from;
        return switch (kind) {
            case LOST ->
                place + bytes + " are passed over"
                        + (message == UNKNOWN ? "" : "; they look like a record about message " + message);
            case CONTENT -> place + "text or envelope of message " + message + ", " + bytes + ", is not what it was";
            case TORN ->
                place + bytes + " were not written to their end and are passed over"
                        + (message == UNKNOWN ? "" : "; they look like a record about message " + message);
        };
    }
}
