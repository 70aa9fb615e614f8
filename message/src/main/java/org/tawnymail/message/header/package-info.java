/**
 * The header of a message: where it ends, which fields it has, and the names that qmail knows (core spec, section 3.4).
 *
 * <p>In comes an input stream; out go {@linkplain org.tawnymail.message.header.HeaderField fields}, in order, and then
 * the body as a stream. What must never happen: a body is held in memory, or an octet of a message changes on its way
 * through (but for a last line without its end, which gets one).
 */
@NullMarked
package org.tawnymail.message.header;

import org.jspecify.annotations.NullMarked;
