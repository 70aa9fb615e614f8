package org.tawnymail.proof.disk;

/**
 * What else goes wrong with a disk, besides the power, counted in its changes.
 *
 * @param failedForce the first force from this change on fails, and forgets what it was to write
 * @param fullFrom from this change on nothing new fits
 * @param fullTo until this one
 * @param shortWrite the first write from this change on stops half way
 */
public record Faults(long failedForce, long fullFrom, long fullTo, long shortWrite) {

    private static final long NEVER = Long.MAX_VALUE;

    public static final Faults NONE = new Faults(NEVER, NEVER, NEVER, NEVER);

    public static Faults failedForce(long change) {
        return new Faults(change, NEVER, NEVER, NEVER);
    }

    public static Faults full(long from, long to) {
        return new Faults(NEVER, from, to, NEVER);
    }

    public static Faults shortWrite(long change) {
        return new Faults(NEVER, NEVER, NEVER, change);
    }
}
