/**
 * The proof with real processes: {@code tawny prove kill}, {@code kill-parts}, {@code full-disk}, {@code read-only}.
 *
 * <p>A server is started as anybody starts it, on a home of its own, and driven as anybody drives it: over SMTP, by {@code
 * qmail-queue} and {@code qmail-inject} from a shell. Then it is killed, its disk fills up, or its disk breaks. Every {@link
 * org.tawnymail.proof.process.Letter} says itself how it must look; the {@link org.tawnymail.proof.process.Ledger} knows which
 * were acknowledged and which were found, where, and whether they were whole.
 *
 * <p>In: the programs as they were built. Out: a table, a line for each violation, and an exit code. What must never happen: that
 * a letter counts as found that is torn, or in a place where its recipient would not find it.
 */
@NullMarked
package org.tawnymail.proof.process;

import org.jspecify.annotations.NullMarked;
