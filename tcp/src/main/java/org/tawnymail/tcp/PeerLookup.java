package org.tawnymail.tcp;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.tawnymail.tcp.dns.Resolver;

/** Finds out who is at the two ends of a connection, as far as the options ask for it. */
final class PeerLookup {

    private final ServerOptions options;
    private final Resolver resolver;
    private final Ident ident;

    PeerLookup(ServerOptions options, Resolver resolver, Ident ident) {
        this.options = options;
        this.resolver = resolver;
        this.ident = ident;
    }

    UcspiNames names(InetSocketAddress local, InetSocketAddress remote) {
        Optional<String> localHost = options.localName().isPresent() ? options.localName() : name(local.getAddress());
        Optional<String> remoteHost = options.remoteName() ? remoteName(remote.getAddress()) : Optional.empty();
        Optional<String> info =
                options.remoteInfo() ? ident.ask(local, remote, options.identLimit()) : Optional.empty();
        return new UcspiNames(local, remote, localHost, remoteHost, info);
    }

    private Optional<String> remoteName(InetAddress address) {
        Optional<String> name = name(address);
        return options.paranoid() ? name.filter(said -> leadsBackTo(said, address)) : name;
    }

    /** The first name of an address; trouble counts as none. */
    private Optional<String> name(InetAddress address) {
        return resolver.ptr(address).records().stream()
                .filter(name -> !name.isEmpty())
                .findFirst();
    }

    private boolean leadsBackTo(String name, InetAddress address) {
        List<? extends InetAddress> addresses = address instanceof Inet4Address
                ? resolver.a(name).records()
                : resolver.aaaa(name).records();
        return addresses.contains(address);
    }
}
