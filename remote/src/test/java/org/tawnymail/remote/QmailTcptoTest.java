package org.tawnymail.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;
import org.tawnymail.remote.host.DeadHosts;

class QmailTcptoTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @TempDir
    private Path home;

    @Test
    void theTableIsPrinted() throws IOException {
        table(NOON).reset();
        table(NOON.minusSeconds(300)).timedOut(InetAddress.ofLiteral("192.0.2.7"));
        table(NOON.minusSeconds(90)).timedOut(InetAddress.ofLiteral("192.0.2.7"));
        table(NOON.minusSeconds(5)).timedOut(InetAddress.ofLiteral("198.51.100.1"));
        assertThat(run(new QmailTcpto(InstantSource.fixed(NOON)))).isZero();
        assertThat(out).hasToString("""
                        192.0.2.7 timed out 90 seconds ago; # recent timeouts: 2
                        198.51.100.1 timed out 5 seconds ago; # recent timeouts: 1
                        """);
    }

    @Test
    void withoutTroubleNothingIsPrinted() throws IOException {
        table(NOON).reset();
        assertThat(run(new QmailTcpto(InstantSource.fixed(NOON)))).isZero();
        assertThat(out).hasToString("");
    }

    @Test
    void withoutATableItSaysSoOnDescriptor1() throws IOException {
        assertThat(run(new QmailTcpto(InstantSource.fixed(NOON)))).isEqualTo(111);
        assertThat(out).hasToString("fatal: unable to open tcpto: file does not exist\n");
    }

    @Test
    void aTableThatIsADirectoryCannotBeRead() throws IOException {
        Files.createDirectories(DeadHosts.file(new Home(home)));
        assertThat(run(new QmailTcpto(InstantSource.fixed(NOON)))).isEqualTo(111);
        assertThat(out).hasToString("fatal: unable to read tcpto: is a directory\n");
    }

    @Test
    void withoutAHomeItSaysSoOnDescriptor1() throws IOException {
        home = home.resolve("nowhere");
        assertThat(run(new QmailTcpto(InstantSource.fixed(NOON)))).isEqualTo(111);
        assertThat(out).hasToString("fatal: unable to chdir: file does not exist\n");
    }

    @Test
    void qmailTcpokEmptiesIt() throws IOException {
        table(NOON).reset();
        table(NOON).timedOut(InetAddress.ofLiteral("192.0.2.7"));
        assertThat(Files.readAllBytes(DeadHosts.file(new Home(home)))).startsWith(192, 0, 2, 7, 1);
        assertThat(run(new QmailTcpok())).isZero();
        assertThat(DeadHosts.file(new Home(home))).hasBinaryContent(new byte[1024]);
    }

    @Test
    void qmailTcpokNeedsATable() {
        assertThatThrownBy(() -> run(new QmailTcpok())).isInstanceOfSatisfying(Complaint.class, complaint -> {
            assertThat(complaint.exitCode()).isEqualTo(111);
            assertThat(complaint.line())
                    .isEqualTo("qmail-tcpok: fatal: unable to empty " + DeadHosts.file(new Home(home))
                            + ": file does not exist");
        });
    }

    private DeadHosts table(Instant when) {
        return new DeadHosts(DeadHosts.file(new Home(home)), InstantSource.fixed(when), new Random(7));
    }

    private int run(Program program) throws IOException {
        Environment environment = Environment.empty().with(Home.VARIABLE, home.toString());
        Descriptors descriptors = Descriptors.none().with(1, out).with(2, out);
        return program.run(new Call("program", List.of(), environment, descriptors, Path.of("/")));
    }
}
