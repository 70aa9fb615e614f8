package org.tawnymail.remote.host;

import java.util.List;

/** What is known of the way to a host before anybody is talked to (core spec, section 7.3). */
public sealed interface Destination {

    /** These addresses, in this order; there is at least one. */
    record Reachable(List<Exchanger> exchangers) implements Destination {
        public Reachable {
            exchangers = List.copyOf(exchangers);
        }
    }

    /** The DNS did not say: another time. */
    record Unknown() implements Destination {}

    /** There is no such host. */
    record NoHost() implements Destination {}

    /** There is such a host, and nowhere to send its mail. */
    record NoAddress() implements Destination {}

    /** This host is itself the best place for that mail, and does not know it. */
    record ThisHost() implements Destination {}
}
