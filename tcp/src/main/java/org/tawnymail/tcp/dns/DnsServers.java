package org.tawnymail.tcp.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import org.tawnymail.base.program.Environment;

/** Which servers to ask: {@code $DNSCACHEIP}, else {@code resolv.conf}, else this host (companions spec, section 0.5). */
public final class DnsServers {

    /** Where a system names its servers. */
    public static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

    private static final String VARIABLE = "DNSCACHEIP";
    private static final int MOST_SERVERS = 16;
    private static final int PORT = 53;

    /**
     * The servers to ask now, at least one.
     *
     * @param environment for {@code DNSCACHEIP}: addresses in dotted quads joined by dots; an IPv6 address may stand alone
     * @param resolvConf its {@code nameserver} lines; a file that cannot be read counts as empty
     */
    public static List<InetSocketAddress> configured(Environment environment, Path resolvConf) {
        List<InetSocketAddress> servers =
                environment.get(VARIABLE).map(DnsServers::joined).orElseGet(List::of);
        if (servers.isEmpty()) {
            servers = nameservers(resolvConf);
        }
        return servers.isEmpty() ? List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), PORT)) : servers;
    }

    private static List<InetSocketAddress> joined(String value) {
        List<InetSocketAddress> servers = new ArrayList<>();
        if (value.indexOf(':') >= 0) {
            add(servers, value);
            return servers;
        }
        String[] parts = value.split("\\.", 4 * MOST_SERVERS + 1);
        for (int i = 0; i + 3 < parts.length && servers.size() < MOST_SERVERS; i += 4) {
            add(servers, String.join(".", parts[i], parts[i + 1], parts[i + 2], parts[i + 3]));
        }
        return servers;
    }

    private static List<InetSocketAddress> nameservers(Path resolvConf) {
        List<InetSocketAddress> servers = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(resolvConf, StandardCharsets.ISO_8859_1)) {
                StringTokenizer words = new StringTokenizer(line);
                if (words.countTokens() >= 2
                        && words.nextToken().equals("nameserver")
                        && servers.size() < MOST_SERVERS) {
                    add(servers, words.nextToken());
                }
            }
        } catch (IOException unreadable) {
            // A host without the file asks the server on itself, which is the stated default.
            return List.of();
        }
        return servers;
    }

    private static void add(List<InetSocketAddress> servers, String address) {
        IpLiteral.parse(address).ifPresent(ip -> servers.add(new InetSocketAddress(ip, PORT)));
    }

    private DnsServers() {}
}
