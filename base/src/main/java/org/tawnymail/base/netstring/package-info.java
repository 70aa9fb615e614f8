/** Netstrings: a length, a colon, that many octets, a comma (core spec, section 9.1). */
@NullMarked
package org.tawnymail.base.netstring;

import org.jspecify.annotations.NullMarked;
