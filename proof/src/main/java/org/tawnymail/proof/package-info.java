/**
 * The proof that mail survives a loss of power at any moment: {@code tawny prove}.
 *
 * <p>A {@link org.tawnymail.proof.Scenario} runs the real queue, the real qmail-send and the real mailbox deliveries on a
 * disk in memory that writes down every change, and notes each promise that was made ("this message is accepted"). Then the
 * power is cut after every change in turn: from what such a disk may still hold, the queue is started again and every
 * promise is looked after ({@link org.tawnymail.proof.PowerCut}).
 *
 * <p>In: seeds. Out: counts, and for each violation the seed and the change that lead to it. What must never happen: that a
 * mistake in the product goes unnoticed here; so some are planted ({@link org.tawnymail.proof.Mistake}), and a test sees
 * to it that each is found.
 */
@NullMarked
package org.tawnymail.proof;

import org.jspecify.annotations.NullMarked;
