package org.tawnymail.tcp;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The IPv4 addresses of the network interfaces that are up. */
@FunctionalInterface
public interface InterfaceAddresses {

    List<Inet4Address> now() throws IOException;

    /** Those of this host. */
    static List<Inet4Address> ofThisHost() throws IOException {
        List<Inet4Address> addresses = new ArrayList<>();
        for (InetAddress address : all()) {
            if (address instanceof Inet4Address ipv4) {
                addresses.add(ipv4);
            }
        }
        return addresses;
    }

    /** Those of this host of both kinds; one of IPv6 has the name of its interface in it. */
    static List<InetAddress> all() throws SocketException {
        List<InetAddress> addresses = new ArrayList<>();
        for (NetworkInterface one : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            if (one.isUp()) {
                addresses.addAll(Collections.list(one.getInetAddresses()));
            }
        }
        return addresses;
    }
}
