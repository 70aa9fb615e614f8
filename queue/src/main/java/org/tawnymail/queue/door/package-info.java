/**
 * The door of the queue for other processes: qmail-queue started from a shell, and every program of ours that is a process
 * of its own.
 *
 * <p>Where the owner of the queue runs, it listens on the Unix socket {@code queue/socket} ({@link
 * org.tawnymail.queue.door.QueueSocketServer}); where none does, a submission waits as a file in {@code queue/drop}
 * ({@link org.tawnymail.queue.door.DropDirectory}) until one starts. {@link org.tawnymail.queue.door.QueueDoor} tries the one
 * and then the other. Both carry the same bytes, which {@link org.tawnymail.queue.door.SubmissionFormat} draws.
 *
 * <p>Who submits is what the system says: the peer of the socket, the owner of the file. What the other side writes is a
 * stranger's word and is limited in every direction.
 */
@NullMarked
package org.tawnymail.queue.door;

import org.jspecify.annotations.NullMarked;
