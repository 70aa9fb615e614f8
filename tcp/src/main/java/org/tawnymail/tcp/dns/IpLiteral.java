package org.tawnymail.tcp.dns;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Addresses written as addresses, which no question is asked for (companions spec, section 0.5). */
public final class IpLiteral {

    private static final int LONGEST_IPV6_TEXT = 45;

    /**
     * Reads an address.
     *
     * @param text four numbers with dots between them, leading zeros allowed and decimal; or an IPv6 address; either in
     *     brackets or not
     */
    public static Optional<InetAddress> parse(String text) {
        String bare = text.startsWith("[") && text.endsWith("]") && text.length() > 1
                ? text.substring(1, text.length() - 1)
                : text;
        return bare.indexOf(':') < 0 ? ipv4(bare).map(address -> address) : ipv6(bare);
    }

    /** Reads exactly four decimal numbers of 0 to 255 with dots between them. */
    public static Optional<Inet4Address> ipv4(String text) {
        byte[] address = new byte[4];
        int at = 0;
        for (int part = 0; part < 4; part++) {
            int number = 0;
            int start = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9' && number <= 255) {
                number = number * 10 + text.charAt(at++) - '0';
            }
            boolean last = part == 3;
            boolean ends = last ? at == text.length() : at < text.length() && text.charAt(at) == '.';
            if (at == start || number > 255 || !ends) {
                return Optional.empty();
            }
            at++;
            address[part] = (byte) number;
        }
        return Optional.of((Inet4Address) of(address));
    }

    /** The text form of an address: dotted quad, or the eight groups of IPv6 in short form (RFC 5952). */
    public static String text(InetAddress address) {
        return address instanceof Inet4Address ? address.getHostAddress() : shortForm(address.getAddress());
    }

    private static Optional<InetAddress> ipv6(String text) {
        if (text.length() > LONGEST_IPV6_TEXT || text.indexOf('%') >= 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    private static InetAddress of(byte[] address) {
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not the length of an address: " + address.length, e);
        }
    }

    private static String shortForm(byte[] address) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (address[2 * i] & 0xff) << 8 | (address[2 * i + 1] & 0xff);
        }
        int longest = longestZeroRun(groups);
        int length = longest < 0 ? 0 : zeroRun(groups, longest);
        StringBuilder text = new StringBuilder(LONGEST_IPV6_TEXT);
        for (int i = 0; i < 8; i++) {
            if (i == longest) {
                text.append("::");
                i += length - 1;
                continue;
            }
            if (i > 0 && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }

    /** Where the first of the longest runs of at least two zero groups begins, or -1. */
    private static int longestZeroRun(int[] groups) {
        int best = -1;
        int bestLength = 1;
        for (int i = 0; i < groups.length; i++) {
            int length = zeroRun(groups, i);
            if (length > bestLength) {
                best = i;
                bestLength = length;
            }
        }
        return best;
    }

    private static int zeroRun(int[] groups, int from) {
        int end = from;
        while (end < groups.length && groups[end] == 0) {
            end++;
        }
        return end - from;
    }

    private IpLiteral() {}
}
