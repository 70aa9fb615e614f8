package org.tawnymail.remote.host;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.tawnymail.tcp.OwnAddresses;
import org.tawnymail.tcp.dns.Answer;
import org.tawnymail.tcp.dns.IpLiteral;
import org.tawnymail.tcp.dns.MailExchanger;
import org.tawnymail.tcp.dns.Resolver;

/**
 * Finds the addresses for a host (core spec, section 7.3; RFC 5321, section 5).
 *
 * <p>Mail exchangers come in order of preference, equal ones in random order, each with its IPv4 addresses before those of IPv6.
 * Of addresses at or behind the first that is this host's own, none is used: mail only moves towards its destination.
 *
 * <p>Nothing is remembered here; the resolver remembers answers. Safe for use by many threads if the generator is.
 */
public final class MailExchangers {

    /** Of so many mail exchangers, the best, the addresses are looked up. */
    static final int MOST_EXCHANGERS = 20;

    /** So many addresses are tried at most. */
    static final int MOST_ADDRESSES = 100;

    private static final String IPV6_LITERAL = "[IPv6:";

    private final Resolver dns;
    private final OwnAddresses own;
    private final RandomGenerator random;

    public MailExchangers(Resolver dns, OwnAddresses own, RandomGenerator random) {
        this.dns = dns;
        this.own = own;
        this.random = random;
    }

    /** The way to the host that an address names. */
    public Destination find(String host) {
        Search search = new Search();
        Optional<InetAddress> literal = literal(host);
        if (literal.isPresent()) {
            search.add(literal.get(), 0);
            return search.withoutOwn();
        }
        return switch (dns.mx(host)) {
            case Answer.Temporary<MailExchanger> silent -> new Destination.Unknown();
            case Answer.Found<MailExchanger>(List<MailExchanger> records) -> {
                inOrder(records).forEach(search::lookUp);
                yield search.withoutOwn();
            }
            case Answer.NoSuchName<MailExchanger> none -> onItself(host);
            case Answer.NoData<MailExchanger> none -> onItself(host);
        };
    }

    /** The way to a relay of the operator's choice: its addresses and nobody else's, own ones included. */
    public Destination ofRelay(String relay) {
        Search search = new Search();
        return search.lookUp(new MailExchanger(0, relay)) ? search.all() : new Destination.NoHost();
    }

    private Destination onItself(String host) {
        Search search = new Search();
        return search.lookUp(new MailExchanger(0, host)) ? search.withoutOwn() : new Destination.NoHost();
    }

    private List<MailExchanger> inOrder(List<MailExchanger> records) {
        List<MailExchanger> order = new ArrayList<>(records);
        for (int i = order.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            order.set(other, order.set(i, order.get(other)));
        }
        order.sort(Comparator.comparingInt(MailExchanger::preference));
        return order.subList(0, Math.min(order.size(), MOST_EXCHANGERS));
    }

    /** An address in place of a name: {@code [192.0.2.1]}, {@code 192.0.2.1}, {@code [IPv6:2001:db8::1]}. */
    private static Optional<InetAddress> literal(String host) {
        return host.regionMatches(true, 0, IPV6_LITERAL, 0, IPV6_LITERAL.length())
                ? IpLiteral.parse("[" + host.substring(IPV6_LITERAL.length()))
                : IpLiteral.parse(host);
    }

    /** The addresses found so far, in order. */
    private final class Search {

        private final List<Exchanger> found = new ArrayList<>();
        private boolean uncertain;

        void add(InetAddress address, int preference) {
            if (found.size() < MOST_ADDRESSES) {
                found.add(new Exchanger(address, preference));
            }
        }

        /** Adds the addresses of one host; the answer is whether there are any or may be. */
        boolean lookUp(MailExchanger exchanger) {
            String host = exchanger.host();
            Optional<InetAddress> literal = literal(host);
            if (literal.isPresent()) {
                add(literal.get(), exchanger.preference());
                return true;
            }
            if (host.isEmpty()) {
                return false;
            }
            boolean four = take(dns.a(host), exchanger.preference());
            boolean six = take(dns.aaaa(host), exchanger.preference());
            return four || six;
        }

        private boolean take(Answer<? extends InetAddress> answer, int preference) {
            answer.records().forEach(address -> add(address, preference));
            boolean trouble = answer instanceof Answer.Temporary;
            uncertain |= trouble;
            return trouble || answer instanceof Answer.Found;
        }

        Destination withoutOwn() {
            int best = Integer.MAX_VALUE;
            for (Exchanger exchanger : found) {
                if (exchanger.preference() < best && own.contains(exchanger.address())) {
                    best = exchanger.preference();
                }
            }
            int nearest = best;
            boolean any = !found.isEmpty();
            found.removeIf(exchanger -> exchanger.preference() >= nearest);
            return any && found.isEmpty() ? new Destination.ThisHost() : all();
        }

        Destination all() {
            if (!found.isEmpty()) {
                return new Destination.Reachable(found);
            }
            return uncertain ? new Destination.Unknown() : new Destination.NoAddress();
        }
    }
}
