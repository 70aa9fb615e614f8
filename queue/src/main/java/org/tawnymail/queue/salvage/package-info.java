/**
 * Mail out of a damaged queue: {@code queue salvage} reads what the journal, the large files, the drop directory and {@code
 * damaged} still hold, and writes each message out as files that {@code qmail-queue} reads.
 *
 * <p>It changes nothing in the queue, needs no owner and no lock, and works whether or not a server runs.
 *
 * <p>What must never happen: something that does not agree with its checksums is written under a name that says it does.
 */
@NullMarked
package org.tawnymail.queue.salvage;

import org.jspecify.annotations.NullMarked;
