/**
 * The programs that {@code .qmail} lines call, and {@code maildirmake} (core spec, sections 11.1 and 11.2).
 *
 * <p>Each gets the message on descriptor 0 and what is known of the delivery in its environment; each tells qmail-local
 * with its exit code what is to follow: 0 go on, 99 stop here, 100 bounce, 111 try again later.
 *
 * <p>What must never happen: a program that they call and that cannot be run just now makes mail bounce or go astray.
 */
@NullMarked
package org.tawnymail.local.commands;

import org.jspecify.annotations.NullMarked;
