/**
 * The letter itself, apart from its envelope: header fields ({@code header}) and the grammar of the addresses in them
 * ({@code address}).
 *
 * <p>A header is read field by field and held in memory up to a limit; a body is only ever streamed and is octets
 * throughout. Header text is ISO-8859-1, one char an octet.
 */
@NullMarked
package org.tawnymail.message;

import org.jspecify.annotations.NullMarked;
