/**
 * A mail address as the envelope has it: octets, of which the last {@code @} parts the local part from the domain (core
 * spec, sections 0 and 3.13).
 *
 * <p>What header fields may write around an address (comments, groups, phrases) is the grammar of module {@code message}.
 */
@NullMarked
package org.tawnymail.base.address;

import org.jspecify.annotations.NullMarked;
