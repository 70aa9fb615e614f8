/** Hostile input for the parsers that are private to this package. */
@NullMarked
package org.tawnymail.queue.adopt;

import org.jspecify.annotations.NullMarked;
