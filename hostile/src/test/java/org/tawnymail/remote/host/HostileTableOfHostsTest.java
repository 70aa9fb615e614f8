package org.tawnymail.remote.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.hostile.HostileInputs;
import org.tawnymail.hostile.Scratch;

/** A table of dead hosts with damaged octets, and routes as a person writes them. */
class HostileTableOfHostsTest {

    private static final long NOW = 1_000_000_000;

    @TempDir(factory = Scratch.class)
    private Path directory;

    @Test
    void everyTableOfDeadHostsIsReadAndWhatAnsweredIsNotDead() throws Exception {
        Path file = directory.resolve("tcpto");
        InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(NOW));
        InetAddress host = InetAddress.ofLiteral("192.0.2.1");
        InetAddress other = InetAddress.ofLiteral("192.0.2.2");
        HostileInputs.of("tcpto")
                .sample(table())
                .sample(new byte[TimeoutTable.LENGTH])
                .each((input, random) -> {
                    Files.write(file, input);
                    DeadHosts hosts = new DeadHosts(file, clock, random);
                    List<DeadHosts.Entry> entries = hosts.entries();
                    assertThat(entries).hasSizeLessThanOrEqualTo(TimeoutTable.RECORDS);
                    assertThat(entries).allMatch(entry -> entry.timeouts() > 0 && entry.timeouts() < 256);
                    boolean wasDead = hosts.isDead(host);
                    assertThat(wasDead && input.length < TimeoutTable.LENGTH).isFalse();
                    hosts.timedOut(other);
                    hosts.answered(host);
                    assertThat(hosts.isDead(host)).isFalse();
                    assertThat(Files.size(file)).isEqualTo(input.length);
                    if (input.length < TimeoutTable.LENGTH) {
                        assertThat(Files.readAllBytes(file)).isEqualTo(input);
                    }
                });
    }

    /** A host that timed out twice, one that did once, and one at a time that has not come. */
    private static byte[] table() {
        TimeoutTable table = new TimeoutTable();
        table.timedOut(new byte[] {(byte) 192, 0, 2, 1}, NOW - 600);
        table.timedOut(new byte[] {(byte) 192, 0, 2, 1}, NOW - 60);
        table.timedOut(new byte[] {(byte) 192, 0, 2, 2}, NOW - 60);
        table.timedOut(new byte[] {(byte) 192, 0, 2, 3}, NOW + 1_000_000);
        return table.octets();
    }

    @Test
    void everyRouteIsARelayAndAPortOrRefused() throws Exception {
        ControlFiles controls = new ControlFiles(directory);
        HostileInputs.of("smtproutes")
                .pieces(
                        "far.test",
                        ".far.test",
                        ":",
                        "relay.test",
                        "[192.0.2.1]",
                        "[2001:db8::1]",
                        "[",
                        "]",
                        ":26",
                        "\n")
                .samples("far.test:relay.test:26\n:smart.test\nold.test:\n.far.test:[2001:db8::1]:2525\n")
                .each((input, random) -> {
                    Files.write(directory.resolve("smtproutes"), input);
                    Routes routes = Routes.read(controls);
                    String own = Octets.text(input, 0, Math.min(input.length, 900));
                    for (String host : List.of("far.test", "mx.far.test", "old.test", "", own)) {
                        try {
                            Optional<Route> route = routes.forHost(host);
                            route.ifPresent(found -> {
                                assertThat(found.relay()).isNotEmpty();
                                assertThat(found.port()).isBetween(1, 65_535);
                            });
                        } catch (IOException unusable) {
                            assertThat(unusable).hasMessageContaining("control/smtproutes");
                        }
                    }
                });
    }
}
