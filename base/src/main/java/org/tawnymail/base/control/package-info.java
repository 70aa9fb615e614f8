/**
 * The home directory and its control files (core spec, sections 1.3 and 12).
 *
 * <p>One setting a file, read by {@link org.tawnymail.base.control.ControlFiles} with qmail's rules: line files, number
 * files, lists and maps. A file that is absent means the default; a file that is there and cannot be read is an error
 * and never the default.
 */
@NullMarked
package org.tawnymail.base.control;

import org.jspecify.annotations.NullMarked;
