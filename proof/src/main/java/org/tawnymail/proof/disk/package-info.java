/**
 * The simulated disk: what programs did to it, change by change, and what a loss of power would leave after each of them.
 *
 * <p>In: the operations of the queue ({@link org.tawnymail.queue.disk.Disk}) and of mailbox deliveries ({@link
 * org.tawnymail.local.mailbox.MailboxDisk}), as one process after the other sees it ({@link
 * org.tawnymail.proof.disk.DiskOfProcess}). Out: the list of changes ({@link org.tawnymail.proof.disk.RecordingDisk}), and
 * states of the disk made from any first part of it ({@link org.tawnymail.proof.disk.DiskState}). On request it fails
 * ({@link org.tawnymail.proof.disk.Fault}) or lies ({@link org.tawnymail.proof.disk.Lie}).
 *
 * <p>What must never happen: that it is kinder than a real disk may be. Three things are taken for granted of any:
 *
 * <ul>
 *   <li>A sector of 512 bytes is written or it is not.
 *   <li>A rename within a directory is one step; one between two directories never loses both names ({@link
 *       org.tawnymail.proof.disk.Names}).
 *   <li>A failed force of a directory has forgotten nothing: a later one that succeeds makes the names durable. Directories
 *       are what a file system keeps its journal for; one that cannot write them stops.
 * </ul>
 */
@NullMarked
package org.tawnymail.proof.disk;

import org.jspecify.annotations.NullMarked;
