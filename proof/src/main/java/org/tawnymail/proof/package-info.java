/**
 * The proof that mail survives a loss of power at any moment: {@code tawny prove}.
 *
 * <p>A {@link org.tawnymail.proof.Scenario} runs the real queue, the real qmail-send and the real mailbox deliveries on a
 * disk in memory that writes down every change, and notes each promise that was made ("this message is accepted"). Then the
 * power is cut after every change in turn: from what such a disk may still hold, the queue is started again and every
 * promise is looked after ({@link org.tawnymail.proof.PowerCut}, {@link org.tawnymail.proof.Check}, {@link
 * org.tawnymail.proof.Evidence}). Starts after a cut, and mail that goes on after one, are cut in the same way.
 *
 * <p>In: seeds. Out: counts, and for each violation all that lead to it, in a file that can be replayed ({@link
 * org.tawnymail.proof.RecordingText}).
 *
 * <p><b>Covered</b>: submission to the queue, and to the drop directory with its intake; messages and lists of recipients in
 * files of their own; routing; delivery to Maildirs and mboxes, alone and with a shared flush; delivery to other hosts;
 * deferral and retry; bounces, double bounces, bounces to other hosts; senders of their own for each recipient; marks, due
 * times, numbers; segments that are emptied, with messages moved out of them, kept, written again and removed; the takeover
 * of an old qmail queue; orderly ends and kill -9; every kind of {@link org.tawnymail.proof.disk.Fault}. Tests see to it that
 * each of these happens in the scenarios that they run.
 *
 * <p><b>Not covered</b>: {@code .qmail} files and the programs they run; the socket of the queue; several file systems;
 * readers of mailboxes; reads of the queue that fail; bytes that go bad on the disk by themselves.
 *
 * <p>What must never happen: that a mistake in the product goes unnoticed here; so some are planted ({@link
 * org.tawnymail.proof.Mistake}), and a test sees to it that each is found.
 */
@NullMarked
package org.tawnymail.proof;

import org.jspecify.annotations.NullMarked;
