/**
 * One message to very many recipients: how fast it explodes to other hosts.
 *
 * <p>In: how many recipients at how many domains. Out: recipients a second, from the 250 of the one message until the last
 * recipient was taken, and how many connections and transactions that took. What must never happen: that a recipient is
 * counted whose message the other host did not acknowledge.
 */
@NullMarked
package org.tawnymail.bench.explode;

import org.jspecify.annotations.NullMarked;
