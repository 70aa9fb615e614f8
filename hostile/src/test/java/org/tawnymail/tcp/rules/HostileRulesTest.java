package org.tawnymail.tcp.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.cdb.CdbDamaged;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.hostile.Connection;
import org.tawnymail.hostile.HostileInputs;
import org.tawnymail.hostile.Ran;
import org.tawnymail.hostile.Scratch;
import org.tawnymail.tcp.dns.IpLiteral;

/** The rules of tcpserver: what a person writes, and the file that is made of it. */
class HostileRulesTest {

    private static final String SAMPLE = """
            # who may relay
            127.:allow,RELAYCLIENT=""
            192.0.2.1-9:deny
            ann@10.0.0.1:allow,A="b",C=/d/
            =.far.test:deny
            [2001:db8:]:allow
            :allow
            """;

    @TempDir(factory = Scratch.class)
    private Path directory;

    @Test
    void everyTextOfRulesIsCompiledOrComplainedOfAndTheOldRulesStayUntilThen() throws Exception {
        HostileInputs.of("tcprules")
                .pieces(
                        "192.0.2.",
                        "1-254",
                        ":allow",
                        ":deny",
                        ",RELAYCLIENT=\"\"",
                        ",X=",
                        "=.far.test",
                        "ann@",
                        "[::1]",
                        "[",
                        "]:",
                        "\n",
                        "#",
                        "-",
                        "0-999999999")
                .samples(SAMPLE)
                .memory(64 << 20)
                .each((input, random) -> {
                    Ran ran = Ran.of(
                            new Tcprules(),
                            List.of("rules.cdb", "rules.tmp"),
                            Environment.empty(),
                            new Connection(input, random),
                            directory);
                    assertThat(ran.code()).as(ran.err()).isIn(0, 100, 111);
                    assertThat(ran.err().isEmpty()).isEqualTo(ran.code() == 0);
                    assertThat(directory.resolve("rules.tmp")).doesNotExist();
                    if (ran.code() == 0) {
                        Caller caller = new Caller("192.0.2.7", Optional.of("mx.far.test"), Optional.of("ann"));
                        new Rules(directory.resolve("rules.cdb")).rule(caller);
                    }
                });
    }

    @Test
    void everyRulesFileGivesAVerdictOrIsDamaged() throws Exception {
        Ran.of(
                new Tcprules(),
                List.of("sample.cdb", "sample.tmp"),
                Environment.empty(),
                Descriptors.none().with(0, new ByteArrayInputStream(Octets.of(SAMPLE))),
                directory);
        List<Caller> callers = List.of(
                new Caller("127.0.0.1", Optional.empty(), Optional.empty()),
                new Caller("192.0.2.7", Optional.of("mx.far.test"), Optional.of("ann")),
                new Caller("2001:db8::1", Optional.of(""), Optional.of("")));
        HostileInputs.of("rules file")
                .sample(Files.readAllBytes(directory.resolve("sample.cdb")))
                .each((input, random) -> {
                    Files.write(directory.resolve("rules.cdb"), input);
                    for (Caller caller : callers) {
                        try {
                            new Rules(directory.resolve("rules.cdb"))
                                    .rule(caller)
                                    .ifPresent(rule -> assertThat(rule.verdict().settings())
                                            .allMatch(setting -> setting.name().indexOf('=') < 0));
                        } catch (CdbDamaged damaged) {
                            assertThat(damaged).hasMessageContaining("damaged");
                        }
                    }
                    checked("192.0.2.7");
                });
    }

    private void checked(String ip) throws IOException {
        Ran ran = Ran.of(
                new Tcprulescheck(),
                List.of("rules.cdb"),
                Environment.of(Map.of("TCPREMOTEIP", ip)),
                Descriptors.none(),
                directory);
        assertThat(ran.code()).isIn(0, 111);
    }

    @Test
    void everyAddressOfACallerHasKeys() throws Exception {
        HostileInputs.of("addresses of callers")
                .pieces("1.", "255", "::", "ffff", ":", "[", "]", "%eth0", "0x", "127.0.0.1")
                .samples("192.0.2.7", "2001:db8::7", "[::ffff:192.0.2.1]")
                .each((input, random) -> {
                    String text = Octets.text(input);
                    IpLiteral.parse(text)
                            .ifPresent(address -> assertThat(IpLiteral.parse(IpLiteral.text(address)))
                                    .contains(address));
                    String name = text.substring(0, Math.min(text.length(), 255));
                    assertThat(new Caller(name, Optional.of(name), Optional.of(name)).keys())
                            .contains(name, "");
                });
    }
}
