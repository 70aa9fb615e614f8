/** Dates as mail writes them. */
@NullMarked
package org.tawnymail.base.time;

import org.jspecify.annotations.NullMarked;
