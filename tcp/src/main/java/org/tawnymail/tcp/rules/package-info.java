/**
 * Who may connect, and with which variables: the rules of tcpserver (companions spec, section 1.3).
 *
 * <p>{@link org.tawnymail.tcp.rules.Tcprules} turns the text a person writes into a cdb; {@link
 * org.tawnymail.tcp.rules.Rules} asks that file about a caller; {@link org.tawnymail.tcp.rules.Tcprulescheck} shows what
 * it would say.
 *
 * <p>What must never happen: a rules file that cannot be read lets somebody in.
 */
@NullMarked
package org.tawnymail.tcp.rules;

import org.jspecify.annotations.NullMarked;
