package org.tawnymail.assembly.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.process.OwnProgram;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;
import org.tawnymail.tcp.dns.Answer;
import org.tawnymail.tcp.dns.MailExchanger;
import org.tawnymail.tcp.dns.Resolver;
import org.tawnymail.tcp.lookup.HostLookup;
import org.tawnymail.tcp.lookup.SearchList;

final class ConfigTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    @BeforeEach
    void makeTheControlDirectory() throws IOException {
        Files.createDirectory(directory.resolve("control"));
    }

    @Test
    void aNameWithTwoDotsGivesItsDomainAndItsLastTwoLabels() throws IOException {
        assertThat(configFast("mx1.eu.corp.example")).isZero();
        assertThat(control("me")).isEqualTo("mx1.eu.corp.example\n");
        assertThat(control("defaultdomain")).isEqualTo("eu.corp.example\n");
        assertThat(control("plusdomain")).isEqualTo("corp.example\n");
        assertThat(control("locals")).isEqualTo("mx1.eu.corp.example\n");
        assertThat(control("rcpthosts")).isEqualTo("mx1.eu.corp.example\n");
        assertThat(out.toString(UTF_8)).contains("control/me: mx1.eu.corp.example\n");
    }

    @Test
    void aNameWithFewerDotsIsItsOwnDomain() throws IOException {
        configFast("corp.example");
        assertThat(control("defaultdomain") + control("plusdomain")).isEqualTo("corp.example\ncorp.example\n");
    }

    @Test
    void whatStandsInTheListsStays() throws IOException {
        Files.writeString(directory.resolve("control/locals"), "old.example");
        configFast("mx.corp.example");
        configFast("mx.corp.example");
        assertThat(control("locals")).isEqualTo("old.example\nmx.corp.example\n");
    }

    @Test
    void controlFilesCanBeReadByEverybody() throws IOException {
        configFast("mx.corp.example");
        for (String name : List.of("me", "defaultdomain", "plusdomain", "locals", "rcpthosts")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(
                            directory.resolve("control").resolve(name))))
                    .isEqualTo("rw-r--r--");
        }
    }

    @Test
    void whatIsNoHostNameIsRefused() {
        for (String name : List.of("", "a b", "a\nb", ".corp.example", "-h", "ann@corp.example")) {
            assertThat(configFast(name)).as(name).isEqualTo(100);
        }
        assertThat(directory.resolve("control/me")).doesNotExist();
    }

    @Test
    void configTakesItsNameFromTheNameOfItsFirstAddress() throws IOException {
        Files.writeString(directory.resolve("control/locals"), "old.example\n");
        assertThat(config("Mail\n")).isZero();
        assertThat(control("me")).isEqualTo("mx1.corp.example\n");
        assertThat(control("plusdomain")).isEqualTo("corp.example\n");
        assertThat(control("locals")).isEqualTo("mx1.corp.example\nmx1-inner.corp.example\n");
        assertThat(control("rcpthosts")).isEqualTo(control("locals"));
        assertThat(out.toString(UTF_8)).contains("127.0.0.1 has no name: hard error\n");
    }

    @Test
    void aHostThatTheDnsDoesNotKnowIsLeftToTheAdministrator() throws IOException {
        assertThat(config("unknown\n")).isEqualTo(100);
        assertThat(err.toString(UTF_8)).isEqualTo("hard error\n");
        assertThat(out.toString(UTF_8)).contains("config-fast NAME");
        assertThat(directory.resolve("control/me")).doesNotExist();
    }

    private int configFast(String name) {
        return run(new ConfigFast(new Home(directory)), name);
    }

    private int config(String hostName) throws IOException {
        Path file = Files.writeString(directory.resolve("hostname"), hostName);
        HostLookup lookup = new HostLookup(new Zone(), new SearchList(List.of("corp.example")));
        return run(new Config(
                new Home(directory),
                new HostName(file),
                environment -> lookup,
                () -> List.of(ipv4("192.0.2.7"), ipv4("10.0.0.7"), ipv4("127.0.0.1"))));
    }

    private int run(Program program, String... arguments) {
        Descriptors descriptors = Descriptors.none().with(1, out).with(2, err);
        return OwnProgram.run(
                program,
                new Call("config", List.of(arguments), Environment.empty(), descriptors, directory.toAbsolutePath()));
    }

    private String control(String name) throws IOException {
        return Files.readString(directory.resolve("control").resolve(name));
    }

    private static Inet4Address ipv4(String text) {
        return (Inet4Address) InetAddress.ofLiteral(text);
    }

    private static final class Zone implements Resolver {

        private static final Map<String, String> ADDRESSES =
                Map.of("mail.corp.example", "192.0.2.7", "mx1.corp.example", "192.0.2.7");
        private static final Map<String, String> NAMES =
                Map.of("192.0.2.7", "mx1.corp.example", "10.0.0.7", "mx1-inner.corp.example");

        @Override
        public Answer<Inet4Address> a(String name) {
            String address = ADDRESSES.get(name);
            return address == null ? new Answer.NoSuchName<>() : new Answer.Found<>(List.of(ipv4(address)));
        }

        @Override
        public Answer<String> ptr(InetAddress address) {
            String name = NAMES.get(address.getHostAddress());
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
