/**
 * Moving in: {@code tawny adopt} looks at an existing qmail home, says what Tawny will do differently there, and drains the
 * queue on its disk. The draining itself is {@link org.tawnymail.queue.adopt}.
 */
@NullMarked
package org.tawnymail.assembly.adopt;

import org.jspecify.annotations.NullMarked;
