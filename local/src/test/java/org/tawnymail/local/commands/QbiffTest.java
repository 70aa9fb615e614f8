package org.tawnymail.local.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.LoginRecords;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.program.Environment;
import org.tawnymail.local.LocalHouse;
import org.tawnymail.local.LocalHouse.Result;

class QbiffTest {

    private static final int SESSION = 7;
    private static final int ENDED = 8;
    private static final Environment DELIVERY =
            LocalHouse.INHERITED.with(Map.of("USER", "ann", "LOCAL", "ann-work", "SENDER", "pat@far.test"));

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream records = new ByteArrayOutputStream();
    private LocalHouse house;
    private Path devices;

    @BeforeEach
    void build() throws IOException {
        house = new LocalHouse(directory);
        devices = directory.resolve("dev");
        Files.createDirectories(devices.resolve("pts"));
        biffWith(ThisProcess.effectiveUid());
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void everyTerminalOfTheUserThatWantsNoticesGetsTheNotice() throws IOException {
        login(SESSION, "pts/1", "ann");
        login(SESSION, "tty2", "ann");
        login(SESSION, "pts/3", "bob");
        login(ENDED, "pts/4", "ann");
        login(SESSION, "pts/5", "ann");
        login(SESSION, "pts/6", "anna");
        for (String name : new String[] {"pts/1", "tty2", "pts/3", "pts/4", "pts/6"}) {
            terminal(name, "rwx-w----");
        }
        terminal("pts/5", "rw--w----");
        biff("Subject: lunch\nFrom: Pat\n\nAt noon?\nPat\n");
        String notice = "\r\n\u0007*** TO <ann-work> FROM <pat@far.test>\r\n    lunch/At noon?/Pat/\r\n";
        assertThat(written("pts/1")).isEqualTo(notice);
        assertThat(written("tty2")).isEqualTo(notice);
        for (String name : new String[] {"pts/3", "pts/4", "pts/5", "pts/6"}) {
            assertThat(written(name)).isEmpty();
        }
    }

    @Test
    void theSecondLineEndsAt78BytesAndNothingInTheNoticeCanCommandTheTerminal() throws IOException {
        login(SESSION, "pts/1", "ann");
        terminal("pts/1", "rwx------");
        house.run(
                directory,
                DELIVERY.with("SENDER", "\u001b[31m\u00e9@far.test"),
                "Subject: \u001b]0;x\u0007\u00e9" + "y".repeat(100) + "\n\nbody\n",
                "qbiff");
        String[] lines = written("pts/1").split("\r\n", -1);
        assertThat(lines[1]).isEqualTo("\u0007*** TO <ann-work> FROM <_[31m_@far.test>");
        assertThat(lines[2]).startsWith("    /]0;x//yyy").hasSize(78);
    }

    @Test
    void withoutASubjectOrABodyTheNoticeIsShorter() throws IOException {
        login(SESSION, "pts/1", "ann");
        terminal("pts/1", "rwx------");
        biff("From: Pat\n");
        assertThat(written("pts/1")).endsWith("FROM <pat@far.test>\r\n    \r\n");
    }

    @Test
    void aTerminalOfSomebodyElseIsNotWrittenTo() throws IOException {
        login(SESSION, "pts/1", "ann");
        terminal("pts/1", "rwx------");
        biffWith(ThisProcess.effectiveUid() + 1);
        biff("Subject: x\n\n");
        assertThat(written("pts/1")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../stolen", "pts/../../stolen", "/stolen", "pts/1.x", ""})
    void aNameThatLeadsElsewhereIsNoTerminal(String name) throws IOException {
        login(SESSION, name, "ann");
        for (String file : new String[] {"stolen", "dev/stolen", "dev/pts/1.x"}) {
            Files.createFile(
                    directory.resolve(file),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        assertThat(biff("Subject: x\n\n")).isEqualTo(new Result(0, "", ""));
        for (String file : new String[] {"stolen", "dev/stolen", "dev/pts/1.x"}) {
            assertThat(directory.resolve(file)).isEmptyFile();
        }
    }

    @Test
    void nothingThatIsMissingOrOddMakesMailWait() throws IOException {
        Result silent = new Result(0, "", "");
        assertThat(biff("Subject: x\n\n")).isEqualTo(silent);
        login(SESSION, "pts/gone", "ann");
        records.write(1);
        assertThat(biff("Subject: x\n\n")).isEqualTo(silent);
        assertThat(house.run(directory, LocalHouse.INHERITED, "", "qbiff")).isEqualTo(silent);
    }

    private void biffWith(int uid) {
        house.put("qbiff", new Qbiff(directory.resolve("utmp"), devices, () -> uid));
    }

    private Result biff(String message) {
        return house.run(directory, DELIVERY, message, "qbiff");
    }

    /** One record as Linux writes it: type, line at 8, user at 44. */
    private void login(int type, String line, String user) throws IOException {
        byte[] record = new byte[LoginRecords.RECORD_LENGTH];
        ByteBuffer.wrap(record)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(0, (short) type)
                .putInt(4, 4711)
                .put(8, Octets.of(line.substring(0, Math.min(32, line.length()))))
                .put(44, Octets.of(user))
                .put(76, Octets.of("10.0.0.7"));
        records.write(record);
        Files.write(directory.resolve("utmp"), records.toByteArray());
    }

    private void terminal(String name, String permissions) throws IOException {
        Files.createFile(
                devices.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.setPosixFilePermissions(devices.resolve(name), PosixFilePermissions.fromString(permissions));
    }

    private String written(String terminal) throws IOException {
        return Octets.text(Files.readAllBytes(devices.resolve(terminal)));
    }
}
