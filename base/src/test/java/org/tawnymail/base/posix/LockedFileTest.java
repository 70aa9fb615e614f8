package org.tawnymail.base.posix;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockedFileTest {

    @TempDir
    private Path directory;

    @Test
    void aMailboxLockedByAnotherProgramIsNotLockedByUs() throws Exception {
        Path mbox = Files.createFile(directory.resolve("mbox"));
        Process other = new ProcessBuilder("flock", "-x", mbox.toString(), "sh", "-c", "echo locked; read end")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (LockedFile file = LockedFile.openToAppend(mbox, 0600)) {
            assertThat(other.inputReader().readLine()).isEqualTo("locked");
            assertThat(file.tryLock()).isFalse();
            assertThat(file.lock(Duration.ofMillis(30))).isFalse();
            other.outputWriter().close();
            assertThat(file.lock(Duration.ofSeconds(20))).isTrue();
        } finally {
            other.destroy();
        }
    }

    @Test
    void aMailboxLockedByUsIsNotLockedByAnotherProgram() throws Exception {
        Path mbox = directory.resolve("mbox");
        try (LockedFile file = LockedFile.openToAppend(mbox, 0600)) {
            assertThat(file.tryLock()).isTrue();
            assertThat(outsideTry(mbox)).isEqualTo(1);
            file.unlock();
            assertThat(outsideTry(mbox)).isEqualTo(0);
        }
    }

    @Test
    void twoOpeningsInOneProcessKeepEachOtherOut() throws IOException {
        try (LockedFile second = LockedFile.openToLock(directory)) {
            try (LockedFile first = LockedFile.openToLock(directory)) {
                assertThat(first.tryLock()).isTrue();
                assertThat(second.tryLock()).isFalse();
            }
            assertThat(second.tryLock()).isTrue();
        }
    }

    @Test
    void whatIsAppendedCanBeCutOffAgain() throws IOException {
        Path mbox = Files.writeString(directory.resolve("mbox"), "From here\n");
        byte[] message = "x".repeat(10_000).getBytes(US_ASCII);
        try (LockedFile file = LockedFile.openToAppend(mbox, 0600)) {
            long before = file.size();
            file.append(message, 0, message.length);
            file.force();
            assertThat(Files.size(mbox)).isEqualTo(before + message.length);
            file.truncate(before);
        }
        assertThat(mbox).hasContent("From here\n");
    }

    @Test
    void aMailboxThatCannotBeOpenedSaysWhichAndWhy() {
        Path absent = directory.resolve("none/mbox");
        assertThatThrownBy(() -> LockedFile.openToAppend(absent, 0600))
                .isInstanceOf(SystemError.class)
                .hasMessage("unable to open " + absent + ": file does not exist");
    }

    private static int outsideTry(Path file) throws Exception {
        return new ProcessBuilder("flock", "-n", "-x", file.toString(), "true")
                .start()
                .waitFor();
    }

    @Test
    void aFileIsAtItsNameUntilAnotherTakesItsPlace() throws IOException {
        Path name = directory.resolve("box");
        try (LockedFile file = LockedFile.openToAppend(name, 0600)) {
            assertThat(file.isAt(name)).isTrue();
            Files.move(name, directory.resolve("elsewhere"));
            assertThat(file.isAt(name)).isFalse();
            assertThat(file.isAt(directory.resolve("elsewhere"))).isTrue();
            Files.createFile(name);
            assertThat(file.isAt(name)).isFalse();
        }
    }
}
