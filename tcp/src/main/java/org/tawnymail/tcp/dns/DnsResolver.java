package org.tawnymail.tcp.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Environment;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * Asks real servers: recursive queries over UDP, over TCP when an answer is cut short.
 *
 * <p>Answers are remembered for as long as they say, at most an hour, in {@link RememberedAnswers}; the list of servers
 * is read again every ten minutes. Names under {@code localhost} are this host and are never asked for (RFC 6761,
 * section 6.3). {@code /etc/hosts} has no say.
 */
public final class DnsResolver implements Resolver {

    /** The time for one server in each round (companions spec, section 0.5). */
    public static final List<Duration> PATIENCE =
            List.of(Duration.ofSeconds(3), Duration.ofSeconds(11), Duration.ofSeconds(45));

    private static final Duration SERVERS_KEPT = Duration.ofMinutes(10);
    private static final int LONGEST_ALIAS_CHAIN = 16;
    private static final String THIS_HOST = "localhost";

    private record Configured(DnsQuery query, Instant until) {}

    private final Supplier<List<InetSocketAddress>> servers;
    private final List<Duration> patience;
    private final InstantSource clock;
    private final RememberedAnswers remembered;
    private volatile Optional<Configured> configured = Optional.empty();

    /**
     * @param servers whom to ask; is asked for again from time to time
     * @param patience how long to wait for one server in each round; as many rounds as entries
     */
    public DnsResolver(Supplier<List<InetSocketAddress>> servers, List<Duration> patience, InstantSource clock) {
        this.servers = servers;
        this.patience = List.copyOf(patience);
        this.clock = clock;
        this.remembered = new RememberedAnswers(clock);
    }

    /** The resolver of an ordinary program: servers from {@code $DNSCACHEIP} or the system's {@code resolv.conf}. */
    public static DnsResolver of(Environment environment) {
        return new DnsResolver(
                () -> DnsServers.configured(environment, DnsServers.RESOLV_CONF), PATIENCE, InstantSource.system());
    }

    @Override
    public Answer<Inet4Address> a(String name) {
        if (isThisHost(name)) {
            return new Answer.Found<>(List.of((Inet4Address) InetAddress.ofLiteral("127.0.0.1")));
        }
        return ask(name, Type.A, record -> (Inet4Address) ((ARecord) record).getAddress());
    }

    @Override
    public Answer<Inet6Address> aaaa(String name) {
        if (isThisHost(name)) {
            return new Answer.Found<>(List.of((Inet6Address) InetAddress.ofLiteral("::1")));
        }
        return ask(name, Type.AAAA, record -> (Inet6Address) ((AAAARecord) record).getAddress());
    }

    @Override
    public Answer<MailExchanger> mx(String name) {
        return ask(name, Type.MX, record -> {
            MXRecord mx = (MXRecord) record;
            return new MailExchanger(mx.getPriority(), DomainText.text(mx.getTarget()));
        });
    }

    @Override
    public Answer<String> ptr(InetAddress address) {
        return ask(DomainText.reverse(address), Type.PTR, record -> DomainText.text(((PTRRecord) record).getTarget()));
    }

    @Override
    public Answer<String> txt(String name) {
        return ask(name, Type.TXT, record -> {
            StringBuilder joined = new StringBuilder();
            ((TXTRecord) record).getStringsAsByteArrays().forEach(octets -> joined.append(Octets.text(octets)));
            return joined.toString();
        });
    }

    private <T> Answer<T> ask(String name, int type, Function<Record, T> value) {
        Optional<Name> wire = DomainText.name(name);
        return wire.isPresent() ? ask(wire.get(), type, value) : new Answer.NoSuchName<>();
    }

    private <T> Answer<T> ask(Name name, int type, Function<Record, T> value) {
        try {
            Name owner = name;
            for (int steps = 0; steps < LONGEST_ALIAS_CHAIN; steps++) {
                RememberedAnswers.Entry answer = answer(owner, type);
                List<T> found = new ArrayList<>();
                answer.records().forEach(record -> found.add(value.apply(record)));
                if (!found.isEmpty()) {
                    return new Answer.Found<>(found);
                }
                if (answer.alias().isEmpty()) {
                    return answer.nameExists() ? new Answer.NoData<>() : new Answer.NoSuchName<>();
                }
                owner = answer.alias().get();
            }
            return new Answer.NoSuchName<>();
        } catch (DnsQuery.NoAnswer trouble) {
            return new Answer.Temporary<>(trouble.reason());
        }
    }

    private RememberedAnswers.Entry answer(Name name, int type) throws DnsQuery.NoAnswer {
        Optional<RememberedAnswers.Entry> known = remembered.get(name, type);
        if (known.isPresent()) {
            return known.get();
        }
        Message message = query().ask(name, type);
        RememberedAnswers.Entry answer = read(message, name, type);
        remembered.put(name, type, answer);
        return answer;
    }

    /**
     * Takes the records of the kind asked for that stand at the name, or at the end of its aliases in the same answer;
     * else where the last alias leads.
     */
    private static RememberedAnswers.Entry read(Message message, Name name, int type) {
        Name owner = name;
        long seconds = RememberedAnswers.LONGEST.toSeconds();
        List<Record> answers = message.getSection(Section.ANSWER);
        for (int steps = 0; steps < LONGEST_ALIAS_CHAIN; steps++) {
            List<Record> records = new ArrayList<>();
            Optional<CNAMERecord> alias = Optional.empty();
            for (Record record : answers) {
                if (record.getName().equals(owner) && record.getType() == type) {
                    records.add(record);
                    seconds = Math.min(seconds, record.getTTL());
                } else if (record.getName().equals(owner) && record instanceof CNAMERecord cname) {
                    alias = Optional.of(cname);
                }
            }
            if (!records.isEmpty()) {
                return new RememberedAnswers.Entry(records, Optional.empty(), true, Duration.ofSeconds(seconds));
            }
            if (alias.isEmpty()) {
                break;
            }
            seconds = Math.min(seconds, alias.get().getTTL());
            owner = alias.get().getTarget();
        }
        boolean exists = message.getRcode() != Rcode.NXDOMAIN;
        Optional<Name> further = exists && !owner.equals(name) ? Optional.of(owner) : Optional.empty();
        long kept = further.isPresent() ? seconds : RememberedAnswers.negative(message, seconds);
        return new RememberedAnswers.Entry(List.of(), further, exists, Duration.ofSeconds(kept));
    }

    private DnsQuery query() {
        Optional<Configured> known = configured;
        Instant now = clock.instant();
        if (known.isPresent() && now.isBefore(known.get().until())) {
            return known.get().query();
        }
        DnsQuery query = new DnsQuery(servers.get(), patience);
        configured = Optional.of(new Configured(query, now.plus(SERVERS_KEPT)));
        return query;
    }

    private static boolean isThisHost(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        String bare = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
        return bare.equals(THIS_HOST) || bare.endsWith("." + THIS_HOST);
    }
}
