package org.tawnymail.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.cdb.Cdb;
import org.tawnymail.base.cdb.CdbFile;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.process.OwnProgram;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;

final class QmailNewmrhTest {

    @TempDir
    private Path home;

    private String complaint = "";

    @BeforeEach
    void control() throws IOException {
        Files.createDirectory(home.resolve("control"));
    }

    @Test
    void eachLineBecomesAKeyInLowerCase() throws IOException {
        write("Big.Example \t\n\n# club.test\n.Club.TEST\n  \nlast.test");
        assertThat(newmrh()).isZero();
        Path database = home.resolve("control/morercpthosts.cdb");
        Cdb cdb = new CdbFile(database).current().orElseThrow();
        assertThat(cdb.contains("big.example")).isTrue();
        assertThat(cdb.contains(".club.test")).isTrue();
        assertThat(cdb.contains("last.test")).isTrue();
        assertThat(cdb.contains("# club.test")).isFalse();
        assertThat(cdb.contains("")).isFalse();
        assertThat(Files.exists(home.resolve("control/morercpthosts.tmp"))).isFalse();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(database)))
                .isEqualTo("rw-r--r--");
    }

    @Test
    void withoutAListThereIsOneLineAndTheOldDatabaseStays() throws IOException {
        Files.writeString(home.resolve("control/morercpthosts.cdb"), "old");
        assertThat(newmrh()).isEqualTo(111);
        assertThat(complaint)
                .isEqualTo("qmail-newmrh: fatal: unable to read control/morercpthosts: file does not exist\n");
        assertThat(home.resolve("control/morercpthosts.cdb")).hasContent("old");
    }

    @Test
    void whatCannotBeWrittenOrMovedIsSaid() throws IOException {
        write("a.test\n");
        Files.createDirectory(home.resolve("control/morercpthosts.tmp"));
        assertThat(newmrh()).isEqualTo(111);
        assertThat(complaint)
                .isEqualTo("qmail-newmrh: fatal: unable to write to control/morercpthosts.tmp: is a directory\n");
        Files.delete(home.resolve("control/morercpthosts.tmp"));
        Files.createDirectories(home.resolve("control/morercpthosts.cdb/x"));
        assertThat(newmrh()).isEqualTo(111);
        assertThat(complaint)
                .startsWith(
                        "qmail-newmrh: fatal: unable to move control/morercpthosts.tmp to control/morercpthosts.cdb: ");
    }

    private void write(String text) throws IOException {
        Files.writeString(home.resolve("control/morercpthosts"), text);
    }

    private int newmrh() {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int code = OwnProgram.run(
                new QmailNewmrh(new Home(home)),
                new Call(
                        "qmail-newmrh",
                        List.of(),
                        Environment.empty(),
                        Descriptors.none().with(2, errors),
                        home));
        complaint = Octets.text(errors.toByteArray());
        return code;
    }
}
