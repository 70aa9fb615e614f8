package org.tawnymail.tcp;

import java.net.InetAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;

/**
 * The addresses of this host (core spec, section 7.3: "ipme"): those of interfaces that are up, the unspecified ones {@code
 * 0.0.0.0} and {@code ::}, which lead here too, and all of 127.0.0.0/8. Mail is never sent to them because the DNS says so,
 * and {@code localiphost} stands for them. Safe for use by many threads.
 */
public final class OwnAddresses {

    private static final Duration KEPT = Duration.ofMinutes(1);

    private record Known(Set<InetAddress> addresses, Instant until) {}

    private final InstantSource clock;
    private volatile Known known;

    private OwnAddresses(InstantSource clock, Known known) {
        this.clock = clock;
        this.known = known;
    }

    /** Those of the network interfaces, which are asked at most once a minute. */
    public static OwnAddresses ofInterfaces(InstantSource clock) {
        return new OwnAddresses(clock, new Known(Set.of(), Instant.MIN));
    }

    /** These, beside those that every host has. */
    public static OwnAddresses of(InetAddress... addresses) {
        return new OwnAddresses(InstantSource.system(), new Known(Set.of(addresses), Instant.MAX));
    }

    public boolean contains(InetAddress address) {
        return address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || current().contains(address);
    }

    private Set<InetAddress> current() {
        Known last = known;
        Instant now = clock.instant();
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
            for (InetAddress address : InterfaceAddresses.all()) {
                addresses.add(withoutScope(address));
            }
            return Set.copyOf(addresses);
        } catch (SocketException unknown) {
            return before;
        }
    }

    /** An address of the DNS never has the name of an interface in it. */
    private static InetAddress withoutScope(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
