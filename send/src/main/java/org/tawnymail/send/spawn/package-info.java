/**
 * qmail-send as a program of its own, whose deliveries are made by other processes: qmail-lspawn and qmail-rspawn, or what an
 * operator puts in their place, at the other ends of four pipes (core spec, sections 1.5 and 4.8).
 *
 * <p>{@link org.tawnymail.send.spawn.QmailSendProgram} is the program. {@link org.tawnymail.send.spawn.SpawnerConnection} is
 * a spawner as {@link org.tawnymail.send.QmailSend} sees it. The text of a message reaches the spawners as a file that
 * {@link org.tawnymail.send.spawn.MessageFiles} makes for as long as they need it.
 *
 * <p>What must never happen: a spawner's word is believed for more than the delivery that it was asked for; a file that is in
 * use disappears; what a spawner does or leaves undone stops the deliveries of the other.
 */
@NullMarked
package org.tawnymail.send.spawn;

import org.jspecify.annotations.NullMarked;
