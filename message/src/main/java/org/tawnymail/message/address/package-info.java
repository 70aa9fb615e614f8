/**
 * Addresses in header fields, read and rewritten as qmail does it (core spec, sections 3.11 and 3.12).
 *
 * <p>A field goes through four steps: {@link org.tawnymail.message.address.Tokenizer} makes tokens of its text, {@link
 * org.tawnymail.message.address.AddressList} finds the addresses among them from right to left, {@link
 * org.tawnymail.message.address.HostDefaults} completes each of them, and {@link
 * org.tawnymail.message.address.TokenPrinter} writes the field again, folded. Text that is not a list of addresses is an
 * answer, not an exception; nothing here throws, whatever octets come in.
 *
 * <p>What must never happen: an address reads otherwise after it was printed; an envelope address holds a NUL.
 */
@NullMarked
package org.tawnymail.message.address;

import org.jspecify.annotations.NullMarked;
