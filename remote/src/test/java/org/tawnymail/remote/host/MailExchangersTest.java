package org.tawnymail.remote.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tawnymail.remote.FixedDns;
import org.tawnymail.tcp.OwnAddresses;
import org.tawnymail.tcp.dns.IpLiteral;

class MailExchangersTest {

    private static final Destination UNKNOWN = new Destination.Unknown();
    private static final Destination NO_HOST = new Destination.NoHost();
    private static final Destination NO_ADDRESS = new Destination.NoAddress();
    private static final Destination THIS_HOST = new Destination.ThisHost();

    private final FixedDns dns = new FixedDns();
    private final OwnAddresses own =
            OwnAddresses.of(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1"));
    private final MailExchangers exchangers = new MailExchangers(dns, own, new Random(20261122));

    @Test
    void exchangersComeInOrderOfPreferenceWithAllTheirAddresses() {
        dns.mx("far.test", "20 b.test", "10 a.test", "30 c.test")
                .address("a.test", "2001:db8::a", "198.51.100.1", "198.51.100.2")
                .address("b.test", "198.51.100.3")
                .address("c.test", "2001:db8::c");
        assertThat(find("far.test"))
                .containsExactly(
                        "10 198.51.100.1", "10 198.51.100.2", "10 2001:db8::a", "20 198.51.100.3", "30 2001:db8::c");
    }

    @Test
    void equalExchangersComeInAnyOrder() {
        dns.mx("far.test", "10 a.test", "10 b.test", "10 c.test")
                .address("a.test", "198.51.100.1")
                .address("b.test", "198.51.100.2")
                .address("c.test", "198.51.100.3");
        Set<List<String>> orders = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            orders.add(find("far.test"));
        }
        assertThat(orders).hasSize(6);
    }

    @Test
    void aHostWithoutExchangersIsItsOwn() {
        dns.noMx("far.test").address("far.test", "198.51.100.1", "2001:db8::a");
        assertThat(find("far.test")).containsExactly("0 198.51.100.1", "0 2001:db8::a");
    }

    @Test
    void anUnknownMxIsNoReasonToAskForTheAddress() {
        dns.silentAboutMx("far.test").address("far.test", "198.51.100.1");
        assertThat(exchangers.find("far.test")).isEqualTo(UNKNOWN);
        assertThat(dns.questions()).containsExactly("mx far.test");
    }

    @Test
    void anUnknownAddressIsNoReasonToBounce() {
        dns.noMx("far.test").silentAboutAddress("far.test");
        assertThat(exchangers.find("far.test")).isEqualTo(UNKNOWN);
    }

    @Test
    void aHostThatIsNotThereIsNone() {
        assertThat(exchangers.find("far.test")).isEqualTo(NO_HOST);
        assertThat(exchangers.find("")).isEqualTo(NO_HOST);
        dns.noMx("v6only.test").address("v6only.test");
        assertThat(exchangers.find("v6only.test")).isEqualTo(NO_HOST);
    }

    @Test
    void exchangersWithoutAnyAddressAreNoPlaceForMail() {
        dns.mx("far.test", "10 gone.test", "20 goner.test");
        assertThat(exchangers.find("far.test")).isEqualTo(NO_ADDRESS);
        dns.mx("refusing.test", "0 ");
        assertThat(exchangers.find("refusing.test")).isEqualTo(NO_ADDRESS);
    }

    @Test
    void oneExchangerThatIsUnknownKeepsTheMailWaiting() {
        dns.mx("far.test", "10 gone.test", "20 silent.test").silentAboutAddress("silent.test");
        assertThat(exchangers.find("far.test")).isEqualTo(UNKNOWN);
    }

    @Test
    void oneExchangerWithAnAddressIsEnough() {
        dns.mx("far.test", "10 gone.test", "20 silent.test", "30 a.test")
                .silentAboutAddress("silent.test")
                .address("a.test", "198.51.100.1");
        assertThat(find("far.test")).containsExactly("30 198.51.100.1");
    }

    @Test
    void mailMovesOnlyTowardsItsDestination() {
        dns.mx("far.test", "10 a.test", "20 b.test", "20 me.test", "30 c.test")
                .address("a.test", "198.51.100.1")
                .address("b.test", "198.51.100.2")
                .address("me.test", "192.0.2.1")
                .address("c.test", "198.51.100.3");
        assertThat(find("far.test")).containsExactly("10 198.51.100.1");
    }

    @Test
    void aBestExchangerThatIsThisHostIsALoop() {
        for (String mine :
                new String[] {"192.0.2.1", "2001:db8::1", "0.0.0.0", "::", "127.0.0.1", "127.9.9.9", "::1"}) {
            dns.mx("far.test", "10 me.test", "20 c.test")
                    .address("me.test", mine)
                    .address("c.test", "198.51.100.3");
            assertThat(exchangers.find("far.test")).as(mine).isEqualTo(THIS_HOST);
        }
    }

    @Test
    void anAddressMayStandInPlaceOfAName() {
        assertThat(find("[198.51.100.1]")).containsExactly("0 198.51.100.1");
        assertThat(find("198.51.100.1")).containsExactly("0 198.51.100.1");
        assertThat(find("[IPv6:2001:db8::a]")).containsExactly("0 2001:db8::a");
        assertThat(exchangers.find("[192.0.2.1]")).isEqualTo(THIS_HOST);
        assertThat(exchangers.find("[198.51.100.256]")).isEqualTo(NO_HOST);
        dns.mx("far.test", "10 198.51.100.7");
        assertThat(find("far.test")).containsExactly("10 198.51.100.7");
        assertThat(dns.questions()).doesNotContain("a 198.51.100.7", "mx 198.51.100.1");
    }

    @Test
    void aRelayIsAskedForItsAddressesAloneEvenIfTheyAreThisHosts() {
        dns.mx("relay.test", "10 a.test").address("relay.test", "192.0.2.1", "198.51.100.1");
        assertThat(exchangers.ofRelay("relay.test"))
                .isEqualTo(new Destination.Reachable(List.of(
                        new Exchanger(InetAddress.ofLiteral("192.0.2.1"), 0),
                        new Exchanger(InetAddress.ofLiteral("198.51.100.1"), 0))));
        assertThat(dns.questions()).containsExactly("a relay.test", "aaaa relay.test");
        assertThat(exchangers.ofRelay("[::1]")).isInstanceOf(Destination.Reachable.class);
        assertThat(exchangers.ofRelay("gone.test")).isEqualTo(NO_HOST);
        dns.silentAboutAddress("silent.test");
        assertThat(exchangers.ofRelay("silent.test")).isEqualTo(UNKNOWN);
    }

    @Test
    void aDomainCannotMakeUsLookUpOrTryWithoutEnd() {
        String[] records = new String[1000];
        String[] addresses = new String[250];
        for (int i = 0; i < records.length; i++) {
            records[i] = i + " mx" + i + ".test";
        }
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = "198.51.100." + i;
        }
        dns.mx("far.test", records).address("mx0.test", addresses);
        assertThat(find("far.test")).hasSize(MailExchangers.MOST_ADDRESSES);
        assertThat(dns.questions()).hasSize(1 + 2 * MailExchangers.MOST_EXCHANGERS);
    }

    private List<String> find(String host) {
        return ((Destination.Reachable) exchangers.find(host))
                .exchangers().stream()
                        .map(exchanger -> exchanger.preference() + " " + IpLiteral.text(exchanger.address()))
                        .toList();
    }
}
