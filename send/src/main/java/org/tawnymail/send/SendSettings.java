package org.tawnymail.send;

import java.io.IOException;
import org.tawnymail.base.control.ControlFile;
import org.tawnymail.base.control.ControlFiles;

/**
 * What the control files tell qmail-send once, at its start (core spec, section 4.2).
 *
 * @param bounceFrom the local part that bounces come from
 * @param bounceHost the host that they come from, and that they speak of
 * @param doubleBounceTo who gets the bounces that bounce
 * @param concurrencyLocal how many local deliveries at one time; 0 holds them
 * @param concurrencyRemote how many remote ones
 * @param queueLifetime how many seconds a message is tried for
 * @param recipientsTogether how many recipients of one message at one host may share a transaction
 */
record SendSettings(
        String bounceFrom,
        String bounceHost,
        String doubleBounceTo,
        int concurrencyLocal,
        int concurrencyRemote,
        long queueLifetime,
        int recipientsTogether) {

    static SendSettings read(ControlFiles controls) throws IOException {
        return new SendSettings(
                controls.line(ControlFile.BOUNCEFROM),
                controls.line(ControlFile.BOUNCEHOST),
                controls.line(ControlFile.DOUBLEBOUNCETO) + "@" + controls.line(ControlFile.DOUBLEBOUNCEHOST),
                concurrency(controls, ControlFile.CONCURRENCYLOCAL),
                concurrency(controls, ControlFile.CONCURRENCYREMOTE),
                controls.number(ControlFile.QUEUELIFETIME),
                Math.clamp(controls.number(ControlFile.MAXRCPTREMOTE), 1, ControlFile.LARGEST_MAXRCPTREMOTE));
    }

    /** The same, with no more deliveries at one time than whoever makes them can make. */
    SendSettings within(int localCapacity, int remoteCapacity) {
        return new SendSettings(
                bounceFrom,
                bounceHost,
                doubleBounceTo,
                Math.min(concurrencyLocal, localCapacity),
                Math.min(concurrencyRemote, remoteCapacity),
                queueLifetime,
                recipientsTogether);
    }

    private static int concurrency(ControlFiles controls, ControlFile file) throws IOException {
        return (int) Math.min(controls.number(file), ControlFile.LARGEST_CONCURRENCY);
    }
}
