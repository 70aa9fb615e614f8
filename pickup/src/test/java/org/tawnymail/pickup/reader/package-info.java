/** Moving mail to an mbox, and looking at what is new. */
@NullMarked
package org.tawnymail.pickup.reader;

import org.jspecify.annotations.NullMarked;
