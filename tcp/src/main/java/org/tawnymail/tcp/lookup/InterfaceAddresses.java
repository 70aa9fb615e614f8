package org.tawnymail.tcp.lookup;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The IPv4 addresses of the network interfaces that are up. */
@FunctionalInterface
public interface InterfaceAddresses {

    List<Inet4Address> now() throws IOException;

    /** Those of this machine. */
    static List<Inet4Address> ofThisHost() throws IOException {
        List<Inet4Address> addresses = new ArrayList<>();
        for (NetworkInterface one : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            if (!one.isUp()) {
                continue;
            }
            for (InetAddress address : Collections.list(one.getInetAddresses())) {
                if (address instanceof Inet4Address ipv4) {
                    addresses.add(ipv4);
                }
            }
        }
        return addresses;
    }
}
