/**
 * The constant database: a file of keys and values that is made at once, read without locks, and replaced as a whole by a
 * rename (core spec, section 13.1). qmail keeps users, rules and lists of hosts in such files.
 *
 * <pre>
 *   0        2048                    position of table 0                    end
 *   | header | record | record | ... | table 0 | table 1 | ... | table 255 |
 *
 *   header   256 times | position of table i (4) | number of its slots (4) |
 *   record   | length of key (4) | length of value (4) | key | value |
 *   table    slots of  | hash of key (4) | position of record (4) |, position 0 for an empty slot
 * </pre>
 *
 * <p>All integers are unsigned, 32 bits, little endian. {@link org.tawnymail.base.cdb.CdbWriter} makes such a file,
 * {@link org.tawnymail.base.cdb.Cdb} reads it, {@link org.tawnymail.base.cdb.CdbFile} always reads the present one.
 */
@NullMarked
package org.tawnymail.base.cdb;

import org.jspecify.annotations.NullMarked;
