/** Hostile input for {@code tawny check}. */
@NullMarked
package org.tawnymail.assembly.check;

import org.jspecify.annotations.NullMarked;
