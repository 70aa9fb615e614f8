package org.tawnymail.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class OwnAddressesTest {

    private final OwnAddresses own = OwnAddresses.ofInterfaces(InstantSource.system());

    @Test
    void theUnspecifiedAddressesAndAllOfLoopbackLeadHere() {
        for (String address : new String[] {"0.0.0.0", "::", "127.0.0.1", "127.9.8.7", "::1"}) {
            assertThat(own.contains(InetAddress.ofLiteral(address))).as(address).isTrue();
        }
    }

    @Test
    void theAddressesOfEveryInterfaceThatIsUpAreOurs() throws SocketException {
        NetworkInterface.networkInterfaces()
                .filter(OwnAddressesTest::isUp)
                .forEach(one -> one.inetAddresses()
                        .forEach(address -> assertThat(own.contains(unscoped(address)))
                                .as(address.toString())
                                .isTrue()));
        assertThat(own.contains(InetAddress.ofLiteral("192.0.2.77"))).isFalse();
    }

    private static boolean isUp(NetworkInterface one) {
        try {
            return one.isUp();
        } catch (SocketException e) {
            throw new AssertionError(e);
        }
    }

    private static InetAddress unscoped(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return InetAddress.ofLiteral(scope < 0 ? text : text.substring(0, scope));
    }
}
