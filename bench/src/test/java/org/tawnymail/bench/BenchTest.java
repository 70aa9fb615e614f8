package org.tawnymail.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void aloneItListsWhatItMeasures() throws InterruptedException {
        assertThat(run()).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains(
                        "bench NAME",
                        "inbound ",
                        "relay ",
                        "explode ",
                        "backlog ",
                        "oneshot ",
                        "jmh ",
                        "load ",
                        "sink ");
    }

    @Test
    void whatItCannotUnderstandItNames() throws InterruptedException {
        assertThat(run("outbound")).isEqualTo(100);
        assertThat(run("load", "--colour", "red")).isEqualTo(100);
        assertThat(run("load", "--port")).isEqualTo(100);
        assertThat(run("load", "--port", "smtp")).isEqualTo(100);
        assertThat(run("load", "--sessions", "0")).isEqualTo(100);
        assertThat(run("explode", "--domains", "300")).isEqualTo(100);
        assertThat(run("oneshot", "--runs", "0")).isEqualTo(100);
        assertThat(run("backlog", "--waiting", "10,5")).isEqualTo(100);
        assertThat(run("backlog", "--waiting", "ten")).isEqualTo(100);
        assertThat(run("inbound", "--kept", "--connection-per-message")).isEqualTo(100);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("bench: no such measurement: outbound")
                .contains("bench: unknown option: --colour")
                .contains("bench: option without a value: --port")
                .contains("bench: not a number: --port smtp")
                .contains("bench: runs: at least 1, not 0")
                .contains("bench: --waiting: numbers, ascending")
                .contains("bench: not a number: --waiting ten")
                .contains("bench: sessions: 1 to 20000, not 0")
                .contains("bench: --kept or --connection-per-message, not both");
    }

    private int run(String... arguments) throws InterruptedException {
        return Bench.run(List.of(arguments), new PrintStream(out, true, StandardCharsets.UTF_8));
    }
}
