/** Tests of the measuring tools. */
@NullMarked
package org.tawnymail.bench.backlog;

import org.jspecify.annotations.NullMarked;
