package org.tawnymail.assembly;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.tawnymail.base.posix.FileStatus;

/** The installed system of an ordinary user, in which all roles are that user. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrivateHomeTest {

    /** Whom root becomes for this. */
    private static final String NOBODY = "65534";

    private Path directory;
    private Path home;
    private boolean root;

    @BeforeAll
    void install() throws Exception {
        directory = Installation.publicDirectory("tawny-private");
        home = directory.resolve("mail");
        root = FileStatus.of(directory).uid() == 0;
        if (root) {
            Files.setAttribute(directory, "unix:uid", Integer.parseInt(NOBODY));
        }
        run(Installation.shared().launcher().toString(), "install", home.toString());
        run(home + "/bin/config-fast", "mx.corp.example");
        run(home + "/bin/maildirmake", directory + "/Maildir");
        FileStatus mine = FileStatus.of(home);
        Files.writeString(
                home.resolve("users/assign"),
                "=ann:ann:" + mine.uid() + ":" + mine.gid() + ":" + directory + ":::\n.\n");
        run(home + "/bin/qmail-newu");
    }

    @AfterAll
    void remove() throws Exception {
        Installation.remove(directory);
    }

    @Test
    void theCheckerIsContent() throws Exception {
        assertThat(run(home + "/bin/instcheck").errors()).isEmpty();
        assertThat(FileStatus.of(home.resolve("queue/drop")).uid())
                .isEqualTo(FileStatus.of(directory).uid());
    }

    @Test
    void mailIsDeliveredToTheUserWhoRunsItAll() throws Exception {
        List<String> command = as(List.of(
                "env", "-", "PATH=" + home + "/bin:/usr/bin:/bin", home + "/bin/qmail-start", "./Maildir/", "cat"));
        try (InstalledServer server = InstalledServer.start(command)) {
            Installation.Result result = Installation.run(
                    home,
                    Map.of("USER", "ann"),
                    "Subject: hello\n\nhi\n".getBytes(ISO_8859_1),
                    as(List.of(home + "/bin/qmail-inject", "ann@mx.corp.example")));
            assertThat(result.exitCode()).as(result.errors()).isZero();
            server.awaitLog("success: did_1+0+0/");
            assertThat(server.stop()).isZero();
        }
        try (Stream<Path> files = Files.list(directory.resolve("Maildir/new"))) {
            assertThat(files).hasSize(1);
        }
    }

    private Installation.Result run(String... command) throws Exception {
        Installation.Result result = Installation.run(home, Map.of(), new byte[0], as(List.of(command)));
        assertThat(result.exitCode()).as(result.errors()).isZero();
        return result;
    }

    private List<String> as(List<String> command) {
        if (!root) {
            return command;
        }
        List<String> changed =
                new ArrayList<>(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--"));
        changed.addAll(command);
        return changed;
    }
}
