package org.tawnymail.tcp.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.cdb.Cdb;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;

final class TcprulesTest {

    @TempDir
    private Path directory;

    private record Result(int code, String out, String err) {}

    /** The worked example of the companions spec, section 1.3. */
    private static final String EXAMPLE = """
            10.1.2.3:deny
            10.1.:allow,A="x"
            =.bad.example:deny,B=/no/
            10.9.0.4-6:allow
            :allow,RELAYCLIENT=""
            """;

    @Test
    void theFirstRuleFoundDecidesAlone() throws IOException {
        compile(EXAMPLE);
        assertThat(check("10.1.2.3", "", "")).isEqualTo("rule 10.1.2.3:\ndeny connection\n");
        assertThat(check("10.1.9.9", "", ""))
                .isEqualTo("rule 10.1.:\nset environment variable A=x\nallow connection\n");
        assertThat(check("10.9.0.5", "", "")).isEqualTo("rule 10.9.0.5:\nallow connection\n");
        assertThat(check("1.2.3.4", "a.bad.example", "")).isEqualTo("rule =.bad.example:\ndeny connection\n");
        assertThat(check("8.8.8.8", "", ""))
                .isEqualTo("rule :\nset environment variable RELAYCLIENT=\nallow connection\n");
    }

    @Test
    void whereNoRuleIsFoundEverybodyMayConnect() throws IOException {
        compile("10.1.2.3:deny\n");
        assertThat(check("10.1.2.4", "", "")).isEqualTo("default:\nallow connection\n");
    }

    @Test
    void aRecordIsARunOfInstructionsEndedByNul() throws IOException {
        compile("10.1.:allow,A=\"x\"\n10.2.:deny,B=/no/,C=..\n10.3.:allow\n");
        assertThat(HexFormat.of().formatHex(record("10.1."))).isEqualTo("2b413d7800");
        assertThat(Octets.text(record("10.2."))).isEqualTo("D\0+B=no\0+C=\0");
        assertThat(record("10.3.")).isEmpty();
    }

    @Test
    void theFileIsTheSameByteForByteAsThatOfOtherMakers() throws IOException {
        compile("10.1.:allow,A=\"x\"\n");
        byte[] file = Files.readAllBytes(directory.resolve("rules.cdb"));
        assertThat(file).hasSize(2048 + 8 + 5 + 5 + 16);
        assertThat(HexFormat.of().formatHex(file, 2048, 2048 + 18)).isEqualTo("050000000500000031302e312e2b413d7800");
    }

    @Test
    void theMoreExactKeyIsLookedForFirst() throws IOException {
        List<String> order = List.of(
                "ann@192.0.2.7",
                "ann@=mx.shop.example",
                "192.0.2.7",
                "=mx.shop.example",
                "192.0.2.",
                "192.0.",
                "192.",
                "=.shop.example",
                "=.example",
                "=",
                "");
        for (int first = 0; first < order.size(); first++) {
            StringBuilder text = new StringBuilder();
            order.subList(first, order.size())
                    .reversed()
                    .forEach(key -> text.append(key).append(":allow\n"));
            compile(text.toString());
            assertThat(check("192.0.2.7", "mx.shop.example", "ann"))
                    .isEqualTo("rule " + order.get(first) + ":\nallow connection\n");
        }
    }

    @Test
    void anEmptyIdentIsAValueAndNoneIsNot() throws IOException {
        compile("@192.0.2.7:deny\n");
        assertThat(check("192.0.2.7", "", "")).startsWith("default");
        Map<String, String> variables = Map.of("TCPREMOTEIP", "192.0.2.7", "TCPREMOTEINFO", "");
        assertThat(run(new Tcprulescheck(), "", variables, "rules.cdb").out).startsWith("rule @192.0.2.7:");
    }

    @Test
    void withoutVariablesTheCallerIsNobody() throws IOException {
        compile("0.0.0.0:deny\n");
        assertThat(run(new Tcprulescheck(), "", Map.of(), "rules.cdb").out)
                .isEqualTo("rule 0.0.0.0:\ndeny connection\n");
    }

    @Test
    void aRangeIsOneRecordForEachNumber() throws IOException {
        compile(
                "192.0.2.8-10:deny\n10.1-2.:deny\n1.2.3.-1:deny\n9.9.9.254-999:deny\n7.7.7.5-4:deny\n=a-b.example:deny\n");
        assertThat(keys())
                .containsExactly(
                        "192.0.2.8",
                        "192.0.2.9",
                        "192.0.2.10",
                        "10.1.",
                        "10.2.",
                        "1.2.3.0",
                        "1.2.3.1",
                        "9.9.9.254",
                        "9.9.9.255",
                        "=a-b.example");
    }

    @Test
    void ofTwoRulesForOneKeyTheFirstCounts() throws IOException {
        compile("10.:deny\n10.:allow\n");
        assertThat(check("10.1.1.1", "", "")).isEqualTo("rule 10.:\ndeny connection\n");
    }

    @Test
    void commentsAndLinesWithoutAColonAreIgnored() throws IOException {
        compile("# 1.:deny\n\nnonsense\n \t\n2.:deny \t\n #3.:deny");
        assertThat(keys()).containsExactly("2.", " #3.");
    }

    @Test
    void anyByteMayQuoteAndANameIsTakenAsItStands() throws IOException {
        compile("1.:allow, X=/a\"b/,Y=xx,Z=qa=b,cq\n");
        assertThat(check("1.1.1.1", "", "")).isEqualTo("""
                        rule 1.:
                        set environment variable  X=a"b
                        set environment variable Y=
                        set environment variable Z=a=b,c
                        allow connection
                        """);
    }

    @Test
    void aLineThatMakesNoSenseLeavesTheOldRulesInPlace() throws IOException {
        compile("1.:deny\n");
        for (String line : List.of(
                "a: allow",
                "a:allowed",
                "a:deny;",
                "a:ALLOW",
                "a:",
                "a:allow,",
                "a:allow,X",
                "a:allow,X=",
                "a:allow,X=\"y",
                "a:allow,X=\"y\"z",
                "1.2.3.x-4:allow",
                "1.2.3.4-x:allow",
                "a:allow,X=\"\0\"")) {
            Result result = run(new Tcprules(), "2.:deny\n" + line + " \n", Map.of(), "rules.cdb", "rules.tmp");
            assertThat(result).isEqualTo(new Result(100, "", "tcprules: fatal: unable to parse this line: " + line));
        }
        assertThat(keys()).containsExactly("1.");
    }

    @Test
    void rulesMayNameAddressesOfIpv6InBrackets() throws IOException {
        compile("[::1]:allow,RELAYCLIENT=\"\"\n[2001:DB8:0::7]:deny\n[2001:db8:0:]:allow,N=\"x\"\n[fe80:]:deny\n");
        assertThat(check("::1", "", "")).startsWith("rule ::1:\nset environment variable RELAYCLIENT=\n");
        assertThat(check("2001:db8::7", "", "")).isEqualTo("rule 2001:db8::7:\ndeny connection\n");
        assertThat(check("2001:db8::8", "", "")).startsWith("rule 2001:db8:0::\nset environment variable N=x\n");
        assertThat(check("2001:db9::8", "", "")).startsWith("default");
    }

    @Test
    void wrongUsageAndFilesThatCannotBeReadOrWrittenAreSaidInOneLine() throws IOException {
        assertThat(run(new Tcprules(), "", Map.of(), "rules.cdb"))
                .isEqualTo(new Result(100, "", "tcprules: usage: tcprules rules.cdb rules.tmp"));
        assertThat(run(new Tcprules(), "", Map.of(), "rules.cdb", "none/rules.tmp"))
                .isEqualTo(
                        new Result(111, "", "tcprules: fatal: unable to create none/rules.tmp: file does not exist"));
        Files.createDirectories(directory.resolve("full/of/things"));
        assertThat(run(new Tcprules(), "", Map.of(), "full", "rules.tmp").err)
                .startsWith("tcprules: fatal: unable to move rules.tmp to full: ");
        assertThat(run(new Tcprulescheck(), "", Map.of()))
                .isEqualTo(new Result(100, "", "tcprulescheck: usage: tcprulescheck rules.cdb"));
        assertThat(run(new Tcprulescheck(), "", Map.of(), "none.cdb"))
                .isEqualTo(new Result(111, "", "tcprulescheck: fatal: unable to read none.cdb: file does not exist"));
    }

    @Test
    void anyTextIsEitherRulesOrALineThatMakesNoSense() throws IOException {
        Random random = new Random(5);
        String[] words = {":", "allow", "deny", ",", "=", "\"", "1.", "-", "9", "@", "[", "]", "#", "\n", " ", "X", "\0"
        };
        for (int round = 0; round < 2000; round++) {
            StringBuilder line = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) {
                line.append(words[random.nextInt(words.length)]);
            }
            for (String one : line.toString().lines().toList()) {
                try {
                    RuleLine.parse(one)
                            .ifPresent(
                                    rule -> assertThat(Verdict.of(rule.verdict().record()))
                                            .as(one)
                                            .isEqualTo(rule.verdict()));
                } catch (RuleLine.Unparsable fine) {
                    assertThat(one).contains(":");
                }
            }
        }
    }

    @Test
    void anyRecordCanBeRead() {
        Random random = new Random(6);
        byte[] likely = {'D', '+', 'A', '=', 0, 'x'};
        for (int round = 0; round < 5000; round++) {
            byte[] record = new byte[random.nextInt(12)];
            for (int i = 0; i < record.length; i++) {
                record[i] = likely[random.nextInt(likely.length)];
            }
            assertThat(Verdict.of(record).settings()).hasSizeLessThan(12);
        }
    }

    private void compile(String text) throws IOException {
        assertThat(run(new Tcprules(), text, Map.of(), "rules.cdb", "rules.tmp"))
                .isEqualTo(new Result(0, "", ""));
    }

    private String check(String ip, String host, String info) throws IOException {
        Map<String, String> variables = new HashMap<>(Map.of("TCPREMOTEIP", ip));
        if (!host.isEmpty()) {
            variables.put("TCPREMOTEHOST", host);
        }
        if (!info.isEmpty()) {
            variables.put("TCPREMOTEINFO", info);
        }
        return run(new Tcprulescheck(), "", variables, "rules.cdb").out;
    }

    private byte[] record(String key) throws IOException {
        return Cdb.open(directory.resolve("rules.cdb")).get(Octets.of(key)).orElseThrow();
    }

    private List<String> keys() throws IOException {
        List<String> keys = new ArrayList<>();
        Cdb.open(directory.resolve("rules.cdb")).forEach((key, value) -> keys.add(Octets.text(key)));
        return keys;
    }

    private Result run(Program program, String in, Map<String, String> variables, String... arguments)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Call call = new Call(
                "tcprules",
                List.of(arguments),
                Environment.of(variables),
                Descriptors.none()
                        .with(0, new ByteArrayInputStream(Octets.of(in)))
                        .with(1, out),
                directory);
        try {
            return new Result(program.run(call), Octets.text(out.toByteArray()), "");
        } catch (Complaint complaint) {
            return new Result(complaint.exitCode(), Octets.text(out.toByteArray()), complaint.line());
        }
    }
}
