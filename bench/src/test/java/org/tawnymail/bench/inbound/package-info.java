/** Tests of the measuring tools. */
@NullMarked
package org.tawnymail.bench.inbound;

import org.jspecify.annotations.NullMarked;
