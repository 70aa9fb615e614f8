package org.tawnymail.base.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThisProcessTest {

    @TempDir
    private Path directory;

    @Test
    void weAreWhoTheKernelSaysWeAre() throws IOException {
        String uids = "Uid:\t%1$d\t%1$d\t%1$d\t%1$d".formatted(ThisProcess.uid());
        String gids = "Gid:\t%1$d\t%1$d\t%1$d\t%1$d".formatted(ThisProcess.gid());
        assertThat(Files.readAllLines(Path.of("/proc/self/status"))).contains(uids, gids);
        assertThat(ThisProcess.identity().uid()).isEqualTo(ThisProcess.effectiveUid());
    }

    @Test
    void theMaskTakesPermissionsFromNewFiles() throws IOException {
        int before = ThisProcess.umask(077);
        try {
            Files.createFile(directory.resolve("private"));
        } finally {
            assertThat(ThisProcess.umask(before)).isEqualTo(077);
        }
        assertThat(FileStatus.of(directory.resolve("private")).hasAny(077)).isFalse();
    }

    @Test
    void aProcessThatIsNotThereCannotBeSignalled() {
        assertThatThrownBy(() -> ThisProcess.signal(1 << 30, ThisProcess.TERMINATE))
                .isInstanceOfSatisfying(
                        SystemError.class, e -> assertThat(e.is(Errno.ESRCH)).isTrue());
        assertThatThrownBy(() -> ThisProcess.signal(-1, ThisProcess.KILL)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFileSystemAndADirectoryAreForcedToTheDisk() throws IOException {
        FileSystemSync.syncDirectory(directory);
        try (FileSystemSync disk = FileSystemSync.of(directory)) {
            disk.sync();
        }
    }

    @Test
    void onlyRootMayBecomeSomebodyElse() throws Exception {
        // Giving root up is for good, so a process of its own does it.
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        GivingRootUp.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(other.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(said)
                .isEqualTo(
                        ThisProcess.uid() == 0
                                ? "all threads: Uid:\t54321\t54321\t54321\t54321 Gid:\t54322\t54322\t54322\t54322 Groups:\t54322 \n"
                                : "unable to become user 54321: permission denied\n");
    }

    /** What the process of its own runs. */
    static final class GivingRootUp {
        public static void main(String[] arguments) throws IOException {
            try {
                ThisProcess.become(new Identity(54321, 54322));
            } catch (SystemError e) {
                System.out.println(e.getMessage());
                return;
            }
            try (var tasks = Files.list(Path.of("/proc/self/task"))) {
                System.out.println("all threads: "
                        + String.join(
                                " | ", tasks.map(GivingRootUp::ids).distinct().toList()));
            }
        }

        private static String ids(Path task) {
            try {
                return String.join(
                        " ",
                        Files.readAllLines(task.resolve("status")).stream()
                                .filter(line -> line.matches("(Uid|Gid|Groups):.*"))
                                .toList());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
