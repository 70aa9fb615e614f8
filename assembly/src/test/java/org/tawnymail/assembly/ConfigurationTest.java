package org.tawnymail.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong settings give one clear line that names the file and the mend, and a non-zero exit. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConfigurationTest {

    private Path directory;
    private Path home;

    @BeforeAll
    void makeAHome() throws Exception {
        directory = Installation.publicDirectory("tawny-configuration");
        home = directory.resolve("var");
        try (ServerProcess server = ServerProcess.start(home)) {
            assertThat(server.printed()).contains("\nthree things to try:\n");
            assertThat(server.stop()).isZero();
        }
    }

    @AfterAll
    void cleanUp() throws Exception {
        Installation.remove(directory);
    }

    @ParameterizedTest
    @CsvSource({
        "me, '', its first line must be a host name",
        "me, two words, its first line must be a host name",
        "concurrencylocal, many, must be a number",
        "locals, a b, each line must be one domain",
        "virtualdomains, shop.test, each line must be domain:prefix",
        "smtproutes, far.test, each line must be domain:relay",
    })
    void aMalformedControlFileIsNamedWithTheMend(String name, String content, String mend) throws Exception {
        Path file = home.resolve("control").resolve(name);
        byte[] before = Files.exists(file) ? Files.readAllBytes(file) : null;
        Files.writeString(file, content + "\n");
        try {
            expectOneLine(serve(home), file + " ", mend);
        } finally {
            if (before == null) {
                Files.delete(file);
            } else {
                Files.write(file, before);
            }
        }
    }

    @Test
    void anUnreadableControlFileIsNamed() throws Exception {
        Path file = home.resolve("control/smtpgreeting");
        Files.createDirectory(file);
        try {
            expectOneLine(serve(home), file.toString(), "may read");
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void aHomeThatHasLostItsNameIsNotSetUpAgain() throws Exception {
        Path me = home.resolve("control/me");
        byte[] before = Files.readAllBytes(me);
        Files.delete(me);
        try {
            expectOneLine(serve(home), me.toString(), "is missing");
        } finally {
            Files.write(me, before);
        }
    }

    @Test
    void addressLiteralsAndIpv6RoutesAreNoMistakes() throws Exception {
        Path routes = home.resolve("control/smtproutes");
        Path locals = home.resolve("control/locals");
        byte[] before = Files.readAllBytes(locals);
        Files.writeString(routes, "far.test:[::1]:25\n:relay.test:2525\n");
        Files.writeString(locals, "tawny.test\n[192.0.2.1]\n");
        try (ServerProcess server = ServerProcess.start(home)) {
            assertThat(server.stop()).isZero();
        } finally {
            Files.delete(routes);
            Files.write(locals, before);
        }
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            String port = String.valueOf(taken.getLocalPort());
            expectOneLine(serve(home, "--smtp-port", port), "127.0.0.1:" + port, "--smtp-port");
        }
    }

    @Test
    void aSecondServerOnTheSameHomeIsRefused() throws Exception {
        try (ServerProcess first = ServerProcess.start(home)) {
            expectOneLine(serve(home), home.toString(), "another server");
            assertThat(first.stop()).isZero();
        }
    }

    @Test
    void aFolderThatIsNoHomeIsLeftAlone() throws Exception {
        Path other = Files.createDirectory(directory.resolve("documents"));
        Files.writeString(other.resolve("letter.txt"), "dear");
        Files.setOwner(other, Files.getOwner(home));
        expectOneLine(serve(other), other.toString(), "not a home");
        assertThat(other).isDirectoryContaining("glob:**letter.txt");
        assertThat(other.resolve("control")).doesNotExist();
    }

    @Test
    void aHeapThatIsNoSizeIsNamed() throws Exception {
        for (String heap : List.of("abc", "160", "1m", "0g")) {
            List<String> command = List.of(Installation.shared().launcher().toString(), "serve");
            expectOneLine(
                    Installation.run(home, Map.of("TAWNY_HEAP", heap), new byte[0], command), "TAWNY_HEAP=" + heap);
        }
    }

    @Test
    void aJavaHomeThatIsNoneIsNamedAndAnotherIsTaken() throws Exception {
        List<String> command = List.of(Installation.shared().launcher().toString(), "check", home.toString());
        Installation.Result result = Installation.run(home, Map.of("JAVA_HOME", "/nowhere"), new byte[0], command);
        assertThat(result.errors().lines()).hasSize(1);
        assertThat(result.errors()).contains("JAVA_HOME=/nowhere is no JDK 25");
    }

    @Test
    void theHomeOfAFirstRunHasNoMistakes() throws Exception {
        List<String> command = List.of(Installation.shared().launcher().toString(), "check", home.toString());
        Installation.Result result = Installation.run(home, Map.of(), new byte[0], command);
        assertThat(result.text()).isEqualTo("no mistakes found in " + home + "\n");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void anUnknownOptionIsNamed() throws Exception {
        expectOneLine(serve(home, "--port", "25"), "--port", "--help");
    }

    private static void expectOneLine(Installation.Result result, String... parts) {
        assertThat(result.exitCode()).isNotZero();
        assertThat(result.errors().lines()).as(result.errors()).hasSize(1);
        assertThat(result.errors()).startsWith("tawny: fatal: ").contains(parts).doesNotContain("Exception");
    }

    private static Installation.Result serve(Path home, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Installation.shared().launcher().toString(),
                "serve",
                "--home",
                home.toString(),
                "--smtp-port",
                "0",
                "--pop3-port",
                "0"));
        command.addAll(List.of(options));
        return Installation.run(home, Map.of(), new byte[0], command);
    }
}
