/**
 * An old qmail queue, with its files in {@code mess}, {@code todo}, {@code info}, {@code local}, {@code remote} and {@code
 * bounce} (core spec, sections 1.6 to 1.9): how it is read, and how it is drained into ours.
 *
 * <p>What must never happen: a message is lost or comes twice, wherever the draining is interrupted; a recipient who is
 * marked done gets it again; a file that is not understood is removed.
 */
@NullMarked
package org.tawnymail.queue.adopt;

import org.jspecify.annotations.NullMarked;
