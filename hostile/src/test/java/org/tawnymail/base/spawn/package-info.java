/** Hostile input for the parsers that are private to this package. */
@NullMarked
package org.tawnymail.base.spawn;

import org.jspecify.annotations.NullMarked;
