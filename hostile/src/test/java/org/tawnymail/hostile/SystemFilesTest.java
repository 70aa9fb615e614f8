package org.tawnymail.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.FileStatus;
import org.tawnymail.base.posix.LoginRecords;
import org.tawnymail.base.program.Environment;
import org.tawnymail.local.commands.Qbiff;
import org.tawnymail.send.syslog.Splogger;
import org.tawnymail.tcp.dns.DnsServers;

/** Files of the system that programs read, and lines that they give to it. */
class SystemFilesTest {

    private static final int SESSION = 7;
    private static final int LINE = 8;
    private static final int USER = 44;
    private static final int PORT = 53;

    @TempDir(factory = Scratch.class)
    private Path directory;

    @Test
    void everyLoginRecordIsATerminalOfTheUserOrPassedOver() throws Exception {
        Path devices = directory.resolve("dev");
        Files.createDirectories(devices.resolve("pts"));
        Path terminal = executable(devices.resolve("pts/3"));
        Path outside = executable(directory.resolve("outside"));
        Path records = directory.resolve("utmp");
        int uid = FileStatus.of(terminal).uid();
        byte[] session = session("pts/3", "ann");
        byte[] sneaky = session("../outside", "ann");
        HostileInputs.of("utmp")
                .sample(session)
                .sample(sneaky)
                .sample(joined(session, sneaky))
                .each((input, random) -> {
                    Files.write(records, input);
                    Files.write(terminal, new byte[0]);
                    Environment environment = Environment.empty()
                            .with("USER", "ann")
                            .with("SENDER", Octets.text(input, 0, Math.min(input.length, 300)));
                    Ran ran = Ran.of(
                            new Qbiff(records, devices, () -> uid),
                            List.of(),
                            environment,
                            new Connection(input, random),
                            directory);
                    assertThat(ran).isEqualTo(new Ran(0, "", ""));
                    assertThat(Octets.text(Files.readAllBytes(terminal))).matches("([\\r\\n\\a -~]*)");
                    assertThat(Files.size(outside)).isZero();
                });
    }

    private static Path executable(Path file) throws IOException {
        Files.createFile(file);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static byte[] session(String line, String user) {
        byte[] record = new byte[LoginRecords.RECORD_LENGTH];
        record[0] = SESSION;
        System.arraycopy(Octets.of(line), 0, record, LINE, line.length());
        System.arraycopy(Octets.of(user), 0, record, USER, user.length());
        return record;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Test
    void everyResolvConfNamesServers() throws Exception {
        Path file = directory.resolve("resolv.conf");
        HostileInputs.of("name servers")
                .pieces("nameserver ", "192.0.2.1", "2001:db8::1", "%eth0", "\n", "search a.test", "options ndots:2")
                .samples("nameserver 192.0.2.1\nnameserver 2001:db8::1\nsearch corp.test\n", "192.0.2.1.192.0.2.2")
                .each((input, random) -> {
                    Files.write(file, input);
                    Environment environment = random.nextBoolean()
                            ? Environment.empty()
                            : Environment.empty().with("DNSCACHEIP", Octets.text(input));
                    assertThat(DnsServers.configured(environment, file))
                            .isNotEmpty()
                            .allMatch(server -> !server.isUnresolved() && server.getPort() == PORT);
                });
    }

    @Test
    void everyLogIsReadToItsEndThoughNobodyListens() throws Exception {
        HostileInputs.of("splogger")
                .pieces("alert: ", "warning: ", "status: local 0/10", "\n", "a".repeat(799), "a".repeat(800))
                .samples("new msg 7\ninfo msg 7: bytes 2 from <a@b> qp 3 uid 4\nalert: oh no\n")
                .memory(512 << 20)
                .each((input, random) -> {
                    Connection log = new Connection(input, random);
                    Splogger splogger =
                            new Splogger(directory.resolve("nobody"), InstantSource.system(), ZoneOffset.UTC);
                    String facility = Octets.text(input, 0, Math.min(input.length, 12));
                    assertThat(Ran.of(splogger, List.of("tag", facility), Environment.empty(), log, directory))
                            .isEqualTo(new Ran(0, "", ""));
                    assertThat(log.rest()).isEmpty();
                });
    }
}
