package org.tawnymail.send;

import java.io.IOException;
import java.util.Optional;
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
 */
record SendSettings(
        String bounceFrom,
        String bounceHost,
        String doubleBounceTo,
        int concurrencyLocal,
        int concurrencyRemote,
        long queueLifetime) {

    /** Deliveries are threads here rather than processes, so the limit is not qmail's 120; memory asks for one still. */
    static final int LARGEST_CONCURRENCY = 2_000;

    private static final int CONCURRENCY_LOCAL = 10;
    private static final int CONCURRENCY_REMOTE = 20;
    private static final long QUEUE_LIFETIME = 604_800;

    static SendSettings read(ControlFiles controls) throws IOException {
        Optional<String> me = controls.me();
        String doubleBounceHost = controls.line("doublebouncehost").or(() -> me).orElse("doublebouncehost");
        return new SendSettings(
                controls.line("bouncefrom").orElse("MAILER-DAEMON"),
                controls.line("bouncehost").or(() -> me).orElse("bouncehost"),
                controls.line("doublebounceto").orElse("postmaster") + "@" + doubleBounceHost,
                concurrency(controls, "concurrencylocal", CONCURRENCY_LOCAL),
                concurrency(controls, "concurrencyremote", CONCURRENCY_REMOTE),
                controls.number("queuelifetime").orElse(QUEUE_LIFETIME));
    }

    private static int concurrency(ControlFiles controls, String name, int otherwise) throws IOException {
        return (int) Math.min(controls.number(name).orElse(otherwise), LARGEST_CONCURRENCY);
    }
}
