/** Hostile input for the parsers that are private to this package. */
@NullMarked
package org.tawnymail.queue.door;

import org.jspecify.annotations.NullMarked;
