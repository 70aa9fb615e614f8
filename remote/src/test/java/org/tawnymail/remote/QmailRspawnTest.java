package org.tawnymail.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.process.ProgramCommands;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.program.ProgramTable;
import org.tawnymail.tcp.dns.DnsResolver;

/** qmail-rspawn with an operator's own qmail-remote. */
@Timeout(60)
class QmailRspawnTest {

    @TempDir
    private Path directory;

    private Path home;
    private Path bin;

    @BeforeEach
    void oneMessage() throws IOException {
        home = directory.resolve("qmail");
        bin = Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("queue/mess/3"));
        Files.createDirectories(home.resolve("queue/lock"));
        Files.createDirectories(home.resolve("control"));
        Files.writeString(home.resolve("control/me"), "mail.corp.example\n");
        Files.writeString(home.resolve("queue/mess/3/26"), "Subject: x\n\nhello\n");
    }

    @Test
    void qmailRemoteOfTheEnvironmentIsRunAndItsTwoRecordsBecomeOneReport() throws IOException {
        Path script = script("own-remote", "printf 'r\\0K%s\\n\\0' \"$*\"");
        assertThat(report(Environment.of(Map.of("QMAILREMOTE", script.toString()))))
                .isEqualTo("Kfar.test a@b kim@far.test\n");
        script("own-remote", "printf 'shost says: '; cat; printf '\\0DGiving up.\\n\\0'");
        assertThat(report(Environment.of(Map.of("QMAILREMOTE", script.toString()))))
                .isEqualTo("Zhost says: Subject: x\n\nhello\nGiving up.\n");
    }

    @Test
    void anotherQmailRemoteInThePlaceOfOursIsRun() throws IOException {
        script("../tawny", "exit 99");
        script("qmail-remote", "exit 111");
        assertThat(report(Environment.of(Map.of("PATH", bin + ":/usr/bin:/bin"))))
                .isEqualTo("ZUnable to run qmail-remote.\n");
    }

    @Test
    void aRecipientWithoutAHostFails() throws IOException {
        assertThat(run(Environment.empty(), "\5" + "3/26\0a@b\0kim\0"))
                .isEqualTo("\170\5DSorry, address must include host name. (#5.1.3)\n\0");
    }

    @Test
    void theTableOfDeadHostsIsEmptiedAtTheStart() throws IOException {
        Path table = home.resolve("queue/lock/tcpto");
        byte[] full = new byte[1024];
        Arrays.fill(full, (byte) 7);
        Files.write(table, full);
        assertThat(run(Environment.empty(), "")).isEqualTo("\170");
        assertThat(Files.readAllBytes(table)).isEqualTo(new byte[1024]);
    }

    private String report(Environment environment) throws IOException {
        String reports = run(environment, "\5" + "3/26\0a@b\0kim@far.test\0");
        assertThat(reports).startsWith("\170\5").endsWith("\0");
        return reports.substring(2, reports.length() - 1);
    }

    private String run(Environment environment, String input) throws IOException {
        Commands commands = new ProgramCommands(
                new ProgramTable() {
                    @Override
                    public Optional<Program> find(String name) {
                        return Optional.empty();
                    }

                    @Override
                    public Set<String> names() {
                        return Set.of("qmail-remote");
                    }
                },
                bin);
        QmailRspawn program =
                new QmailRspawn(new Home(home), commands, DnsResolver::of, InstantSource.system(), new Random(1));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Descriptors descriptors = Descriptors.none()
                .with(0, new ByteArrayInputStream(Octets.of(input)))
                .with(1, out)
                .with(2, new ByteArrayOutputStream());
        assertThat(program.run(new Call("qmail-rspawn", List.of(), environment, descriptors, directory)))
                .isZero();
        return Octets.text(out.toByteArray());
    }

    private Path script(String name, String line) throws IOException {
        Path file = bin.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }
}
