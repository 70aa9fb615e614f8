/** Tests of the measuring tools. */
@NullMarked
package org.tawnymail.bench.explode;

import org.jspecify.annotations.NullMarked;
