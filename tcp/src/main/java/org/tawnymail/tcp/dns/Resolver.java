package org.tawnymail.tcp.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Asks the domain name system. Each question blocks until it is answered or given up. Safe for use by many threads.
 *
 * <p>Names are ISO-8859-1 text with or without a last dot, taken as absolute; those that come back are lower-case
 * without it, and an octet that no host name has stands in them as {@code \ooo}. Aliases (CNAME) are followed.
 */
public interface Resolver {

    /** The IPv4 addresses of a name. */
    Answer<Inet4Address> a(String name);

    /** The IPv6 addresses of a name. */
    Answer<Inet6Address> aaaa(String name);

    /** The mail exchangers of a domain, in the order of the answer: sorting and shuffling is the caller's. */
    Answer<MailExchanger> mx(String name);

    /** The names of an address. */
    Answer<String> ptr(InetAddress address);

    /** The text records of a name; the strings of one record are joined. */
    Answer<String> txt(String name);
}
