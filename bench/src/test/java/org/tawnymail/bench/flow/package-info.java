/** Tests of the measuring tools. */
@NullMarked
package org.tawnymail.bench.flow;

import org.jspecify.annotations.NullMarked;
