package org.tawnymail.tcp.lookup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.process.OwnProgram;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;
import org.tawnymail.tcp.InterfaceAddresses;
import org.tawnymail.tcp.dns.Answer;
import org.tawnymail.tcp.dns.MailExchanger;
import org.tawnymail.tcp.dns.Resolver;

final class LookupProgramsTest {

    private static final String BROKEN = "broken.test";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Zone zone = new Zone(
            Map.of("mx.corp.example", List.of("192.0.2.7", "192.0.2.8"), "shop.far.test", List.of("192.0.2.9")),
            Map.of("192.0.2.7", "mx1.corp.example"));

    @TempDir
    private Path directory;

    @Test
    void dnsipPrintsTheAddressesOfANameOneALine() {
        assertThat(run(new Dnsip(e -> lookup()), "mx.corp.example")).isZero();
        assertThat(out.toString(UTF_8)).isEqualTo("192.0.2.7\n192.0.2.8\n");
    }

    @Test
    void aShortNameIsLookedForInTheSearchList() {
        assertThat(run(new Dnsip(e -> lookup("near.test", "far.test")), "shop")).isZero();
        assertThat(out.toString(UTF_8)).isEqualTo("192.0.2.9\n");
        assertThat(zone.asked).containsExactly("shop.near.test", "shop.far.test");
    }

    @Test
    void aNameWithADotIsTriedAsItIsFirst() {
        run(new Dnsip(e -> lookup("far.test")), "mx.corp.example");
        assertThat(zone.asked).containsExactly("mx.corp.example");
    }

    @Test
    void dnsptrPrintsTheFirstNameOfAnAddress() {
        assertThat(run(new Dnsptr(e -> lookup()), "192.0.2.7")).isZero();
        assertThat(out.toString(UTF_8)).isEqualTo("mx1.corp.example\n");
    }

    @Test
    void dnsfqPrintsTheNameOfTheFirstAddress() {
        assertThat(run(new Dnsfq(e -> lookup()), "mx.corp.example")).isZero();
        assertThat(out.toString(UTF_8)).isEqualTo("mx1.corp.example\n");
    }

    @Test
    void aNameThatDoesNotExistIsAHardError() {
        for (Program program : List.of(new Dnsip(e -> lookup()), new Dnsfq(e -> lookup()))) {
            err.reset();
            assertThat(run(program, "nowhere.test")).isEqualTo(100);
            assertThat(err.toString(UTF_8)).isEqualTo("hard error\n");
        }
        err.reset();
        assertThat(run(new Dnsptr(e -> lookup()), "192.0.2.99")).isEqualTo(100);
        assertThat(err.toString(UTF_8)).isEqualTo("hard error\n");
    }

    @Test
    void aServerThatDoesNotAnswerIsASoftError() {
        assertThat(run(new Dnsip(e -> lookup()), BROKEN)).isEqualTo(111);
        assertThat(err.toString(UTF_8)).isEqualTo("soft error\n");
    }

    @Test
    void withoutAnArgumentTheyEndWith100() {
        assertThat(run(new Dnsip(e -> lookup()))).isEqualTo(100);
        assertThat(run(new Dnsptr(e -> lookup()))).isEqualTo(100);
        assertThat(run(new Dnsptr(e -> lookup()), "no-address")).isEqualTo(100);
        assertThat(run(new Dnsfq(e -> lookup()))).isEqualTo(100);
    }

    @Test
    void ipmeprintPrintsTheAddressThatIsAlwaysOursFirst() {
        assertThat(run(new Ipmeprint(() -> List.of(ipv4("192.0.2.1"), ipv4("127.0.0.1")))))
                .isZero();
        assertThat(out.toString(UTF_8)).isEqualTo("0.0.0.0\n192.0.2.1\n127.0.0.1\n");
    }

    @Test
    void thisHostHasAtLeastItsLoopbackAddress() throws Exception {
        assertThat(InterfaceAddresses.ofThisHost()).contains(ipv4("127.0.0.1"));
    }

    @Test
    void theLastSearchOrDomainLineOfResolvConfCounts() throws Exception {
        Path file = Files.writeString(
                directory.resolve("resolv.conf"), "domain old.test\nnameserver 192.0.2.53\nsearch a.test\tb.test\n");
        assertThat(SearchList.of(file).domains()).containsExactly("a.test", "b.test");
        assertThat(SearchList.of(directory.resolve("none")).domains()).isEmpty();
    }

    private HostLookup lookup(String... searched) {
        return new HostLookup(zone, new SearchList(List.of(searched)));
    }

    private int run(Program program, String... arguments) {
        Descriptors descriptors = Descriptors.none().with(1, out).with(2, err);
        return OwnProgram.run(
                program,
                new Call("test", List.of(arguments), Environment.empty(), descriptors, directory.toAbsolutePath()));
    }

    private static Inet4Address ipv4(String text) {
        return (Inet4Address) InetAddress.ofLiteral(text);
    }

    private static final class Zone implements Resolver {

        private final Map<String, List<String>> addresses;
        private final Map<String, String> names;
        final List<String> asked = new ArrayList<>();

        Zone(Map<String, List<String>> addresses, Map<String, String> names) {
            this.addresses = addresses;
            this.names = names;
        }

        @Override
        public Answer<Inet4Address> a(String name) {
            asked.add(name);
            if (name.equals(BROKEN)) {
                return new Answer.Temporary<>("timed out");
            }
            List<String> found = addresses.getOrDefault(name, List.of());
            return found.isEmpty()
                    ? new Answer.NoSuchName<>()
                    : new Answer.Found<>(
                            found.stream().map(LookupProgramsTest::ipv4).toList());
        }

        @Override
        public Answer<String> ptr(InetAddress address) {
            String name = names.get(address.getHostAddress());
            return name == null ? new Answer.NoData<>() : new Answer.Found<>(List.of(name));
        }

        @Override
        public Answer<Inet6Address> aaaa(String name) {
            throw new AssertionError("nobody asks for that");
        }

        @Override
        public Answer<MailExchanger> mx(String name) {
            throw new AssertionError("nobody asks for that");
        }

        @Override
        public Answer<String> txt(String name) {
            throw new AssertionError("nobody asks for that");
        }
    }
}
