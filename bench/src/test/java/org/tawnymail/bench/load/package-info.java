/** Tests of the measuring tools. */
@NullMarked
package org.tawnymail.bench.load;

import org.jspecify.annotations.NullMarked;
