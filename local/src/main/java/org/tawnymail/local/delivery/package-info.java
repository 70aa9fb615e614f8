/**
 * qmail-local: what becomes of one message for one user (core spec, section 6).
 *
 * <p>In come a {@link org.tawnymail.local.delivery.Delivery} and the bytes of the message; the user's {@code .qmail} file
 * decides, and mailboxes, programs and the queue get the mail. Out come an exit code and the text of the report.
 *
 * <p>What must never happen: a delivery that failed is reported as done; a user's file makes us touch what the user may
 * not; a loop goes round for ever.
 */
@NullMarked
package org.tawnymail.local.delivery;

import org.jspecify.annotations.NullMarked;
