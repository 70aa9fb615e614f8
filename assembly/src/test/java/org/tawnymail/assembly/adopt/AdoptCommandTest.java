package org.tawnymail.assembly.adopt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.LockedFile;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;

class AdoptCommandTest {

    @TempDir
    private Path directory;

    private Path home = Path.of("/nowhere");
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @BeforeEach
    void makeHome() throws IOException {
        home = directory.resolve("qmail");
        for (String name : List.of("control", "alias", "users", "bin", "queue/lock", "queue/mess/0", "queue/todo")) {
            Files.createDirectories(home.resolve(name));
        }
        Files.createFile(home.resolve("queue/lock/sendmutex"));
        // Its number is nobody's business: a queue that was copied has other inode numbers than names.
        Files.writeString(home.resolve("queue/mess/0/77"), "Received: x\n\nhello\n");
        Files.writeString(home.resolve("queue/todo/77"), "u1\0p2\0Fann@here\0Tkim@there\0");
    }

    private int adopt(String... arguments) throws IOException {
        Descriptors descriptors = Descriptors.none().with(1, out).with(2, out);
        Adopt adopt = new Adopt(
                Set.of("forward", "qmail-queue"),
                call -> {
                    call.stdout().write(Octets.of("checked " + call.arguments() + "\n"));
                    return 100;
                },
                InstantSource.system());
        return adopt.run(new Call("adopt", List.of(arguments), Environment.empty(), descriptors, directory));
    }

    private String printed() {
        return Octets.text(out.toByteArray());
    }

    @Test
    void whatIsGoingToBeDifferentIsSaid() throws IOException {
        Files.writeString(home.resolve("control/tcp.smtp"), "127.:allow,QMAILQUEUE=\"bin/scan\"\n");
        Files.writeString(home.resolve("alias/.qmail-list"), "|/usr/bin/vdeliver x\n|forward kim\n# |no\n");
        Files.writeString(home.resolve("bin/qmail-queue"), "old");
        Files.writeString(home.resolve("bin/qmail-clean"), "old");
        Files.writeString(home.resolve("bin/qmail-scanner"), "own");
        assertThat(adopt("qmail", "--dry-run")).isZero();
        assertThat(printed())
                .startsWith("checked [" + home + "]\n")
                .contains("/control/tcp.smtp sets QMAILQUEUE=\"bin/scan\"\n  now: it runs as before")
                .contains("found: .qmail files in alias run vdeliver\n")
                .contains("found: bin has qmail's own qmail-queue\n")
                .contains("found: bin has qmail-clean\n  now: not needed")
                .contains("found: bin has qmail-scanner\n  now: no programs of Tawny")
                .endsWith("would take 1 message (1 not preprocessed), and leave 0 files\n");
        assertThat(home.resolve("queue/todo/77")).exists();
        assertThat(home.resolve("queue/journal")).doesNotExist();
    }

    @Test
    void theMailCanGoIntoAnotherHomeWithOrWithoutTheSettings() throws IOException {
        Files.writeString(home.resolve("control/me"), "corp.example\n");
        assertThat(adopt("qmail", "--into", "other", "--copy")).isZero();
        assertThat(printed()).endsWith("took 1 message (1 not preprocessed); 0 files left\n");
        assertThat(directory.resolve("other/control/me")).hasContent("corp.example");
        assertThat(directory.resolve("other/queue/journal")).isNotEmptyDirectory();
        assertThat(home.resolve("queue/todo")).isEmptyDirectory();
        assertThat(home.resolve("queue/journal")).doesNotExist();
    }

    @Test
    void settingsWhoseCopyWasCutShortAreCopiedAnew() throws IOException {
        Files.writeString(home.resolve("control/me"), "corp.example\n");
        Files.createDirectories(directory.resolve("other/control.unfinished/part"));
        Files.writeString(directory.resolve("other/control.unfinished/part/locals"), "cor");
        assertThat(adopt("qmail", "--into", "other", "--copy")).isZero();
        assertThat(directory.resolve("other/control")).isDirectoryContaining("glob:**/me");
        assertThat(directory.resolve("other/control/part")).doesNotExist();
        assertThat(directory.resolve("other/control.unfinished")).doesNotExist();
    }

    @Test
    void settingsThatAreThereAreNotCopiedOver() throws IOException {
        Files.writeString(home.resolve("control/me"), "corp.example\n");
        Files.createDirectories(directory.resolve("other/control"));
        Files.writeString(directory.resolve("other/control/me"), "mine.example\n");
        assertThat(adopt("qmail", "--into", "other", "--copy")).isZero();
        assertThat(directory.resolve("other/control/me")).hasContent("mine.example");
    }

    @Test
    void whatStaysIsNamedAndTheExitCodeSaysSo() throws IOException {
        Files.writeString(home.resolve("queue/todo/78"), "x");
        assertThat(adopt("qmail")).isEqualTo(111);
        assertThat(printed())
                .contains("left: queue/todo/78: its message is missing\n")
                .endsWith("took 1 message (1 not preprocessed); 1 file left\n");
    }

    @Test
    void nothingHappensWhileQmailSendRuns() throws IOException {
        try (LockedFile lock = LockedFile.openToLock(home.resolve("queue/lock/sendmutex"))) {
            assertThat(lock.tryLock()).isTrue();
            assertThatThrownBy(() -> adopt("qmail"))
                    .isInstanceOf(Complaint.class)
                    .hasMessageContaining("qmail-send (or a server of Tawny) is running on " + home.resolve("queue"));
        }
        assertThat(home.resolve("queue/todo/77")).exists();
    }

    @Test
    void whatRootTakesBelongsToTheOwnerOfTheHomeEvenAfterAnInterruption() throws IOException {
        assumeTrue(ThisProcess.effectiveUid() == 0, "only root can give files away");
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.setAttribute(other, "unix:uid", 65534);
        // As far as a run came that was cut short.
        Files.createDirectories(other.resolve("queue/journal"));
        assertThat(adopt("qmail", "--into", "other")).isZero();
        for (String name : List.of("queue", "queue/journal", "queue/lock/sendmutex")) {
            assertThat(Files.getAttribute(other.resolve(name), "unix:uid")).isEqualTo(65534);
        }
    }

    @Test
    void whatTheDiskRefusesIsNamedInOneLine() throws IOException {
        Files.writeString(directory.resolve("other"), "a file");
        assertThatThrownBy(() -> adopt("qmail", "--into", "other", "--copy"))
                .isInstanceOf(Complaint.class)
                .hasMessageContaining("file already exists (" + directory.resolve("other") + "); no mail is lost");
        assertThat(home.resolve("queue/todo/77")).exists();
    }

    @Test
    void whatIsNoHomeOfQmailIsRefused() {
        assertThatThrownBy(() -> adopt("elsewhere"))
                .isInstanceOf(Complaint.class)
                .hasMessageContaining("is no home of qmail");
        assertThatThrownBy(() -> adopt()).isInstanceOf(Complaint.class).hasMessageContaining("which home?");
        assertThatThrownBy(() -> adopt("qmail", "--copy"))
                .isInstanceOf(Complaint.class)
                .hasMessageContaining("--copy goes with --into");
    }
}
