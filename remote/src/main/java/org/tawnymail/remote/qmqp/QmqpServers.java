package org.tawnymail.remote.qmqp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.tawnymail.base.control.ControlFile;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.tcp.dns.IpLiteral;

/**
 * The control file {@code qmqpservers} (core spec, section 9.4): a server a line, in the order in which they are tried. A line
 * begins with an IPv4 address, an IPv6 address, or either in brackets; {@code :PORT} may follow an IPv4 address or a bracket. What
 * follows is ignored, and so is a line that begins with no address.
 */
public final class QmqpServers {

    /** Of QMQP (IANA; core spec, section 9.3). */
    static final int PORT = 628;

    private static final int LARGEST_PORT = 65535;

    /** The servers; there may be none. */
    static List<InetSocketAddress> read(ControlFiles controls) throws IOException {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String line : controls.list(ControlFile.QMQPSERVERS)) {
            server(line).ifPresent(servers::add);
        }
        return servers;
    }

    /** Whether a line is not ignored. */
    public static boolean isServer(String line) {
        return server(line).isPresent();
    }

    private static Optional<InetSocketAddress> server(String line) {
        boolean bracketed = line.startsWith("[");
        int close = bracketed ? line.indexOf(']') : 0;
        if (close < 0) {
            return Optional.empty();
        }
        int end = bracketed ? close : endOfAddress(line);
        Optional<InetAddress> address = IpLiteral.parse(line.substring(bracketed ? 1 : 0, end));
        String rest = line.substring(bracketed ? close + 1 : end);
        return address.map(found -> new InetSocketAddress(found, port(rest)));
    }

    /** Digits and dots are an IPv4 address, as many as there are; else the first word may be one of IPv6. */
    private static int endOfAddress(String line) {
        int dotted = endOfDotted(line);
        if (dotted > 0) {
            return dotted;
        }
        int end = 0;
        while (end < line.length() && line.charAt(end) != ' ' && line.charAt(end) != '\t') {
            end++;
        }
        return end;
    }

    /** The end of four numbers with dots between them, or 0. */
    private static int endOfDotted(String line) {
        int at = 0;
        for (int part = 0; part < 4; part++) {
            int start = at;
            while (at < line.length() && line.charAt(at) >= '0' && line.charAt(at) <= '9') {
                at++;
            }
            boolean isLast = part == 3;
            if (at == start || !(isLast || (at < line.length() && line.charAt(at) == '.'))) {
                return 0;
            }
            if (!isLast) {
                at++;
            }
        }
        return at;
    }

    private static int port(String rest) {
        OptionalLong port = rest.startsWith(":") ? ControlFiles.leadingDigits(rest.substring(1)) : OptionalLong.empty();
        long number = port.orElse(PORT);
        return number >= 1 && number <= LARGEST_PORT ? (int) number : PORT;
    }

    private QmqpServers() {}
}
