/** Lines of octets: how most programs read their input. */
@NullMarked
package org.tawnymail.base.line;

import org.jspecify.annotations.NullMarked;
