package org.tawnymail.remote.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The addresses of this host, which mail is never sent to because the DNS says so (core spec, section 7.3: "ipme"): those of
 * interfaces that are up, the unspecified ones {@code 0.0.0.0} and {@code ::}, which lead here too, and all of 127.0.0.0/8.
 *
 * <p>The interfaces are asked once a minute. Safe for use by many threads.
 */
public final class OwnAddresses {

    private static final Duration KEPT = Duration.ofMinutes(1);

    private record Known(Set<InetAddress> addresses, Instant until) {}

    private final Supplier<Set<InetAddress>> interfaces;
    private final InstantSource clock;
    private volatile Known known = new Known(Set.of(), Instant.MIN);

    /**
     * @param interfaces the addresses of the interfaces that are up
     */
    public OwnAddresses(Supplier<Set<InetAddress>> interfaces, InstantSource clock) {
        this.interfaces = interfaces;
        this.clock = clock;
    }

    /** Those of the interfaces of this machine. */
    public static OwnAddresses ofThisHost(InstantSource clock) {
        return new OwnAddresses(OwnAddresses::ofInterfaces, clock);
    }

    public boolean contains(InetAddress address) {
        if (address.isAnyLocalAddress() || address.isLoopbackAddress()) {
            return true;
        }
        Known current = known;
        Instant now = clock.instant();
        if (!now.isBefore(current.until)) {
            current = new Known(interfaces.get(), now.plus(KEPT));
            known = current;
        }
        return current.addresses.contains(address);
    }

    private static Set<InetAddress> ofInterfaces() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(OwnAddresses::isUp)
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(OwnAddresses::withoutScope)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (SocketException unknowable) {
            throw new UncheckedIOException("unable to list the network interfaces", unknowable);
        }
    }

    private static boolean isUp(NetworkInterface networkInterface) {
        try {
            return networkInterface.isUp();
        } catch (SocketException gone) {
            return false;
        }
    }

    /** An address of the DNS never has the name of an interface in it. */
    private static InetAddress withoutScope(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
