package org.tawnymail.tcp.lookup;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.tcp.dns.Answer;
import org.tawnymail.tcp.dns.IpLiteral;
import org.tawnymail.tcp.dns.Resolver;

/**
 * Names and addresses as the configuration programs ask for them: a name means what the search list makes of it, and no
 * answer ends the program with one of two lines.
 */
public final class HostLookup {

    private final Resolver resolver;
    private final SearchList searchList;

    public HostLookup(Resolver resolver, SearchList searchList) {
        this.resolver = resolver;
        this.searchList = searchList;
    }

    /**
     * The IPv4 addresses of a name, at least one; an address is its own.
     *
     * @throws Complaint if there is none: {@code hard error} and 100; {@code soft error} and 111 if that may change
     */
    public List<Inet4Address> addresses(String name) throws Complaint {
        if (IpLiteral.parse(name).orElse(null) instanceof Inet4Address literal) {
            return List.of(literal);
        }
        for (String candidate : searchList.candidates(name)) {
            Answer<Inet4Address> answer = resolver.a(candidate);
            if (answer instanceof Answer.Temporary) {
                throw soft();
            }
            if (!answer.records().isEmpty()) {
                return answer.records();
            }
        }
        throw hard();
    }

    /**
     * The first name of an address.
     *
     * @throws Complaint as for {@link #addresses}
     */
    public String name(InetAddress address) throws Complaint {
        Answer<String> answer = resolver.ptr(address);
        if (answer instanceof Answer.Temporary) {
            throw soft();
        }
        if (answer.records().isEmpty()) {
            throw hard();
        }
        return answer.records().getFirst();
    }

    private static Complaint hard() {
        return new Complaint(ExitCode.PERMANENT, "hard error");
    }

    private static Complaint soft() {
        return new Complaint(ExitCode.TEMPORARY, "soft error");
    }
}
