package org.tawnymail.base.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As root these become somebody; as anybody else they show that one may only be oneself. */
class FileIdentityTest {

    private static final Identity ANN = new Identity(54321, 54322, List.of(54322, 54323));
    private static final boolean ROOT = ThisProcess.effectiveUid() == 0;

    @TempDir
    private Path directory;

    @BeforeEach
    void openToAll() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @Test
    void whatIsDeliveredToAnnBelongsToAnn() throws IOException {
        Path file = directory.resolve("mail");
        if (!ROOT) {
            assertThatThrownBy(() -> FileIdentity.call(ANN, () -> Files.writeString(file, "x")))
                    .isInstanceOf(SystemError.class)
                    .hasMessage("unable to become user 54321: permission denied");
            assertThat(file).doesNotExist();
            return;
        }
        FileIdentity.call(ANN, () -> Files.writeString(file, "x"));
        FileStatus status = FileStatus.of(file);
        assertThat(status.uid()).isEqualTo(ANN.uid());
        assertThat(status.gid()).isEqualTo(ANN.gid());
        assertThat(FileStatus.of(Files.writeString(directory.resolve("after"), "x"))
                        .uid())
                .isEqualTo(0);
    }

    @Test
    void annReadsNobodyElsesFilesButThoseOfHerGroups() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "x");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r-----"));
        if (!ROOT) {
            assertThat(Files.isReadable(secret)).isTrue();
            return;
        }
        assertThatThrownBy(() -> FileIdentity.call(ANN, () -> Files.readString(secret)))
                .isInstanceOf(AccessDeniedException.class);
        Files.setAttribute(secret, "unix:gid", 54323);
        assertThat(FileIdentity.call(ANN, () -> Files.readString(secret))).isEqualTo("x");
        assertThat(Files.readString(secret)).isEqualTo("x");
    }

    @Test
    void theThreadIsItselfAgainAfterAFailure() throws IOException {
        if (ROOT) {
            assertThatThrownBy(() -> FileIdentity.call(ANN, () -> {
                        throw new IllegalStateException("defect");
                    }))
                    .hasMessage("defect");
            FileIdentity.call(new Identity(1, 1), () -> Files.writeString(directory.resolve("other"), "x"));
            assertThat(FileStatus.of(directory.resolve("other")).uid()).isEqualTo(1);
            assertThat(idsOfAllThreads()).containsOnly("Uid:\t0\t0\t0\t0");
        } else {
            assertThat(idsOfAllThreads()).hasSize(1);
        }
    }

    @Test
    void oneWhoIsAnnAlreadyWorksOnHerOwnThread() throws IOException {
        Identity self = ThisProcess.identity();
        Thread caller = Thread.currentThread();
        assertThat(FileIdentity.call(self, Thread::currentThread)).isSameAs(caller);
    }

    @Test
    void anInterruptReachesTheWorkAndIsKept() throws IOException {
        Identity who = ROOT ? ANN : ThisProcess.identity();
        Thread.currentThread().interrupt();
        boolean seen = FileIdentity.call(who, () -> {
            try {
                Thread.sleep(20_000);
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return true;
            }
        });
        assertThat(seen).isTrue();
        assertThat(Thread.interrupted()).isTrue();
    }

    private static List<String> idsOfAllThreads() throws IOException {
        try (var tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.map(FileIdentityTest::uids)
                    .filter(line -> !line.isEmpty())
                    .distinct()
                    .toList();
        }
    }

    private static String uids(Path task) {
        try {
            return Files.readAllLines(task.resolve("status")).stream()
                    .filter(line -> line.startsWith("Uid:"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException ended) {
            return "";
        }
    }
}
