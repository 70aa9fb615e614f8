/**
 * How the installed system begins (core spec, section 1.5): {@link org.tawnymail.send.start.QmailStart} makes the pipes, starts
 * qmail-lspawn, qmail-rspawn and the logger, each as the account that it is to be, and becomes qmail-send.
 *
 * <p>Nothing of ours is running before and nothing of qmail-start is left after. It must never hand a daemon a descriptor or an
 * id that the map does not give it.
 */
@NullMarked
package org.tawnymail.send.start;

import org.jspecify.annotations.NullMarked;
