package org.tawnymail.remote.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.control.ControlFiles;

class RoutesTest {

    @TempDir
    private Path control;

    @Test
    void withoutTheFileThereIsNoRoute() throws IOException {
        assertThat(Routes.read(new ControlFiles(control)).forHost("far.test")).isEmpty();
    }

    @Test
    void theHostItselfComesBeforeItsSuffixesAndThoseBeforeAllOthers() throws IOException {
        String lines = """
                a.corp.example:one
                .corp.example:two
                .example:three
                :four
                not a route
                """;
        assertThat(route(lines, "a.corp.example")).contains(new Route("one", 25));
        assertThat(route(lines, "b.A.Corp.Example")).contains(new Route("two", 25));
        assertThat(route(lines, "corp.example")).contains(new Route("three", 25));
        assertThat(route(lines, "far.test")).contains(new Route("four", 25));
    }

    @Test
    void ofTwoLinesForOneHostTheLastCounts() throws IOException {
        assertThat(route("far.test:one\nFAR.test:two\n", "far.test")).contains(new Route("two", 25));
    }

    @Test
    void anEmptyRelayMeansTheDns() throws IOException {
        String lines = "far.test:\n:relay.test\n";
        assertThat(route(lines, "far.test")).isEmpty();
        assertThat(route(lines, "other.test")).contains(new Route("relay.test", 25));
    }

    @Test
    void aPortIsTheNumberAfterTheRelay() throws IOException {
        assertThat(route(":relay.test:2525\n", "far.test")).contains(new Route("relay.test", 2525));
        assertThat(route(":relay.test:\n", "far.test")).contains(new Route("relay.test", 25));
        assertThat(route(":relay.test:smtp\n", "far.test")).contains(new Route("relay.test", 25));
        assertThat(route(":[::1]:2525\n", "far.test")).contains(new Route("[::1]", 2525));
        assertThat(route(":[::1]\n", "far.test")).contains(new Route("[::1]", 25));
    }

    @Test
    void aRouteThatLeadsNowhereIsAnError() {
        for (String line : new String[] {":relay:0", ":relay:65536", ":relay:99999999999999999999", "::25"}) {
            assertThatThrownBy(() -> route(line + "\n", "far.test"))
                    .as(line)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("control/smtproutes");
        }
    }

    private Optional<Route> route(String lines, String host) throws IOException {
        Files.writeString(control.resolve("smtproutes"), lines);
        return Routes.read(new ControlFiles(control)).forHost(host);
    }
}
