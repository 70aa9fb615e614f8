package org.tawnymail.tcp;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.tawnymail.base.program.Environment;
import org.tawnymail.tcp.dns.IpLiteral;

/**
 * The two ends of a connection as its program learns of them (companions spec, section 1.1).
 *
 * @param localHost this end's name, if known
 * @param remoteHost the peer's name, if known
 * @param remoteInfo what the peer's IDENT server said, if it did
 */
record UcspiNames(
        InetSocketAddress local,
        InetSocketAddress remote,
        Optional<String> localHost,
        Optional<String> remoteHost,
        Optional<String> remoteInfo) {

    private static final String[] VARIABLES = {
        "PROTO",
        "TCPLOCALIP",
        "TCPLOCALPORT",
        "TCPLOCALHOST",
        "TCPREMOTEIP",
        "TCPREMOTEPORT",
        "TCPREMOTEHOST",
        "TCPREMOTEINFO",
        "TCP6LOCALIP",
        "TCP6LOCALPORT",
        "TCP6LOCALHOST",
        "TCP6REMOTEIP",
        "TCP6REMOTEPORT",
        "TCP6REMOTEHOST",
        "TCP6REMOTEINFO"
    };

    String localIp() {
        return IpLiteral.text(local.getAddress());
    }

    int localPort() {
        return local.getPort();
    }

    String remoteIp() {
        return IpLiteral.text(remote.getAddress());
    }

    int remotePort() {
        return remote.getPort();
    }

    /** An environment in which none of the variables is set: an unknown value is no value, not that of an outer server. */
    static Environment cleared(Environment environment) {
        return environment.without(VARIABLES);
    }

    /**
     * The variables for the program. Over IPv6 {@code PROTO} is {@code TCP6} and each value stands under two names, so
     * that programs that know only the first find it too.
     */
    Map<String, String> variables() {
        boolean ipv6 = remote.getAddress() instanceof Inet6Address;
        Map<String, String> variables = new HashMap<>();
        variables.put("PROTO", ipv6 ? "TCP6" : "TCP");
        put(variables, "TCP");
        if (ipv6) {
            put(variables, "TCP6");
        }
        return variables;
    }

    private void put(Map<String, String> variables, String prefix) {
        variables.put(prefix + "LOCALIP", localIp());
        variables.put(prefix + "LOCALPORT", Integer.toString(localPort()));
        variables.put(prefix + "REMOTEIP", remoteIp());
        variables.put(prefix + "REMOTEPORT", Integer.toString(remotePort()));
        localHost.ifPresent(name -> variables.put(prefix + "LOCALHOST", name));
        remoteHost.ifPresent(name -> variables.put(prefix + "REMOTEHOST", name));
        remoteInfo.ifPresent(info -> variables.put(prefix + "REMOTEINFO", info));
    }
}
