/**
 * SMTP load: a client that sends as fast as a server takes it, and a sink that takes what is sent.
 *
 * <p>Both share a machine with the server that is measured, so what counts is how little processor time a message costs
 * them. Neither knows anything of the server but SMTP (RFC 5321, RFC 2920).
 */
@NullMarked
package org.tawnymail.bench.load;

import org.jspecify.annotations.NullMarked;
