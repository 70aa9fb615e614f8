/**
 * The spawn protocol, by which qmail-send has deliveries made by other processes (core spec, sections 4.8 and 5.1), and the
 * spawner's side of it.
 *
 * <p>{@link org.tawnymail.base.spawn.SpawnCommand} and {@link org.tawnymail.base.spawn.SpawnReport} draw what travels;
 * {@code doc/spawn-protocol.md} says it for implementers of other spawners. {@link org.tawnymail.base.spawn.Spawner} is all
 * that qmail-lspawn and qmail-rspawn have in common; what makes a delivery is its {@link
 * org.tawnymail.base.spawn.Spawner.Delivery}.
 *
 * <p>What must never happen: a command without a report, whatever its bytes and whatever the delivery does; a file delivered
 * that is not a message of the queue; two reports of which one stands inside the other.
 */
@NullMarked
package org.tawnymail.base.spawn;

import org.jspecify.annotations.NullMarked;
