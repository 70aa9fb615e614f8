package org.tawnymail.tcp;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Set;

/**
 * The addresses of this host. The wildcard address counts as one of them: who connects to it reaches himself (core
 * spec, section 16).
 */
@FunctionalInterface
public interface OwnAddresses {

    boolean contains(InetAddress address);

    /** Those of the network interfaces, looked at again every minute. Safe for use by many threads. */
    static OwnAddresses ofInterfaces(InstantSource clock) {
        return new OfInterfaces(clock);
    }

    /** These alone. */
    static OwnAddresses of(InetAddress... addresses) {
        return Set.of(addresses)::contains;
    }

    /** @see #ofInterfaces */
    final class OfInterfaces implements OwnAddresses {

        private static final Duration KEPT = Duration.ofMinutes(1);

        private record Known(Set<InetAddress> addresses, Instant until) {}

        private final InstantSource clock;
        private volatile Known known = new Known(Set.of(), Instant.MIN);

        private OfInterfaces(InstantSource clock) {
            this.clock = clock;
        }

        @Override
        public boolean contains(InetAddress address) {
            return address.isAnyLocalAddress() || current().contains(address);
        }

        private Set<InetAddress> current() {
            Instant now = clock.instant();
            Known last = known;
            if (!now.isBefore(last.until)) {
                last = new Known(ask(last.addresses), now.plus(KEPT));
                known = last;
            }
            return last.addresses;
        }

        /** The addresses now; the ones known before if the system does not say. */
        private static Set<InetAddress> ask(Set<InetAddress> before) {
            try {
                Set<InetAddress> addresses = new HashSet<>();
                Enumeration<NetworkInterface> interfaces = NetworkInterface.getNetworkInterfaces();
                while (interfaces.hasMoreElements()) {
                    interfaces.nextElement().inetAddresses().forEach(addresses::add);
                }
                return Set.copyOf(addresses);
            } catch (SocketException unknown) {
                return before.isEmpty() ? Set.of(InetAddress.getLoopbackAddress()) : before;
            }
        }
    }
}
