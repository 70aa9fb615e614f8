/**
 * When and in what order: qmail-send.
 *
 * <p>It watches the {@linkplain org.tawnymail.queue.Queue queue}, decides which way each recipient goes, makes attempts
 * through a {@link org.tawnymail.send.DeliveryAgent} for each channel, tries again by qmail's schedule, bounces what failed,
 * and writes the delivery log.
 */
@NullMarked
package org.tawnymail.send;

import org.jspecify.annotations.NullMarked;
