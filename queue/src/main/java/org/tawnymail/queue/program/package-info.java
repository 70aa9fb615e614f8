/** The programs of the queue: qmail-queue, qmail-qread, qmail-qstat. */
@NullMarked
package org.tawnymail.queue.program;

import org.jspecify.annotations.NullMarked;
