/**
 * A mail server as a process of its own, on a disk of its own, seen from outside: through its ports, its files and {@code
 * /proc}, as a stranger's tool would.
 *
 * <p>{@link org.tawnymail.harness.ServeProcess} starts one and ends it, {@link org.tawnymail.harness.LoopDisk} makes a file
 * system for it, {@link org.tawnymail.harness.ProcessFigures} says what it costs. What is measured with them is in {@code
 * bench}, what is proved in {@code proof}.
 *
 * <p>What must never happen: a process or a mounted image outlives whoever made it.
 */
@NullMarked
package org.tawnymail.harness;

import org.jspecify.annotations.NullMarked;
