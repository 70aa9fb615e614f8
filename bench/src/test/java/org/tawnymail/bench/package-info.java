/** Tests of the command line. */
@NullMarked
package org.tawnymail.bench;

import org.jspecify.annotations.NullMarked;
