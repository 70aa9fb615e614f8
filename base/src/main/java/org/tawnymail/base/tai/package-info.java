/** Time labels of logs: TAI64 and TAI64N (core spec, section 13.5). */
@NullMarked
package org.tawnymail.base.tai;

import org.jspecify.annotations.NullMarked;
