/**
 * Programs that live for one message: what a shell, a cron job or a web script waits for.
 *
 * <p>Each is run through its name in {@code bin/}, many times in a row, beside a server that takes its message; the time is
 * that of the whole process. What must never happen: that a run counts which did not queue its message.
 */
@NullMarked
package org.tawnymail.bench.oneshot;

import org.jspecify.annotations.NullMarked;
