/**
 * The operating system: what POSIX offers and the JDK does not, through the foreign-function interface. Linux first;
 * elsewhere each call ends with a clear error.
 */
@NullMarked
package org.tawnymail.base.posix;

import org.jspecify.annotations.NullMarked;
