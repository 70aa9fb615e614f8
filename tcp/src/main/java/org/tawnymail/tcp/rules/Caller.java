package org.tawnymail.tcp.rules;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tawnymail.tcp.dns.IpLiteral;

/**
 * What is known of whoever connects.
 *
 * @param ip the address as text; an IPv6 address in the form of RFC 5952
 * @param host the name, if it is known
 * @param info what IDENT said, if it said something, be it the empty text
 */
public record Caller(String ip, Optional<String> host, Optional<String> info) {

    /**
     * The keys to look for, in order; the first one found decides. For IPv6, which rules files did not know, the
     * prefixes are those of the address with all eight groups written out, and end in a colon.
     */
    List<String> keys() {
        List<String> keys = new ArrayList<>();
        info.ifPresent(text -> {
            keys.add(text + "@" + ip);
            host.ifPresent(name -> keys.add(text + "@=" + name));
        });
        keys.add(ip);
        host.ifPresent(name -> keys.add("=" + name));
        addPrefixes(keys);
        host.ifPresent(name -> {
            for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
                keys.add("=" + name.substring(dot));
            }
            keys.add("=");
        });
        keys.add("");
        return keys;
    }

    private void addPrefixes(List<String> keys) {
        boolean ipv6 = ip.indexOf(':') >= 0;
        char separator = ipv6 ? ':' : '.';
        String address = ipv6 ? writtenOut(ip) : ip;
        for (int end = address.lastIndexOf(separator); end >= 0; end = address.lastIndexOf(separator, end - 1)) {
            keys.add(address.substring(0, end + 1));
        }
    }

    /** {@code 2001:db8::1} as {@code 2001:db8:0:0:0:0:0:1}. */
    private static String writtenOut(String ip) {
        Optional<InetAddress> address = IpLiteral.parse(ip);
        if (address.isEmpty() || !(address.get() instanceof Inet6Address ipv6)) {
            return ip;
        }
        byte[] octets = ipv6.getAddress();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < octets.length; i += 2) {
            text.append(i == 0 ? "" : ":")
                    .append(Integer.toHexString((octets[i] & 0xff) << 8 | (octets[i + 1] & 0xff)));
        }
        return text.toString();
    }
}
