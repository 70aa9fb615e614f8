/**
 * The manual: {@code doc/*.md} is the source, and {@code ./tawny build} makes man pages of it.
 *
 * <p>{@link org.tawnymail.manual.Manual} knows which page belongs to which section; {@link
 * org.tawnymail.manual.ManualPage} is one page; {@link org.tawnymail.manual.RoffRenderer} writes it with the man macros.
 * Runs at build time alone.
 */
@NullMarked
package org.tawnymail.manual;

import org.jspecify.annotations.NullMarked;
