package org.tawnymail.local.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Environment;
import org.tawnymail.local.LocalHouse;
import org.tawnymail.local.LocalHouse.Result;
import org.tawnymail.local.RecordingQueue.Submitted;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;

class CommandsTest {

    private static final String MESSAGE = "Subject: urgent\n\nbody\n";
    private static final String DTLINE = "Delivered-To: ann@corp.example\n";
    private static final Environment DELIVERY = LocalHouse.INHERITED.with(Map.of(
            "SENDER",
            "pat@far.test",
            "NEWSENDER",
            "ann-owner@corp.example",
            "USER",
            "ann",
            "DTLINE",
            DTLINE,
            "RPLINE",
            "Return-Path: <pat@far.test>\n",
            "UFLINE",
            "From pat@far.test Fri Mar 07 09:04:05 2025\n"));

    @TempDir
    private Path directory;

    private LocalHouse house;

    @BeforeEach
    void build() {
        house = new LocalHouse(directory);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void forwardSendsOnToAllWithTheNewSenderAndTheDeliveredToLine() {
        assertThat(run("forward", "bob@far.test", "carol@far.test")).isEqualTo(new Result(0, "", "forward: qp 830\n"));
        assertThat(house.queue().submissions())
                .containsExactly(new Submitted(
                        Origin.USER,
                        DTLINE + MESSAGE,
                        "ann-owner@corp.example",
                        List.of("bob@far.test", "carol@far.test")));
    }

    @Test
    void whatTheAliasAccountForwardsIsByAlias() {
        house.run(directory, DELIVERY.with("USER", "alias"), MESSAGE, "forward", "bob@far.test");
        assertThat(house.queue().submissions().getFirst().origin()).isEqualTo(Origin.ALIAS);
    }

    @Test
    void forwardWithoutAddressesSubmitsToNobody() {
        assertThat(run("forward").code()).isZero();
        assertThat(house.queue().submissions().getFirst().recipients()).isEmpty();
    }

    @Test
    void forwardNeedsItsVariables() {
        assertThat(house.run(directory, DELIVERY.without("NEWSENDER"), MESSAGE, "forward", "x@y"))
                .isEqualTo(new Result(100, "", "forward: fatal: NEWSENDER not set\n"));
        assertThat(house.run(directory, DELIVERY.without("DTLINE"), MESSAGE, "forward", "x@y"))
                .isEqualTo(new Result(100, "", "forward: fatal: DTLINE not set\n"));
    }

    @Test
    void aQueueThatRefusesDecidesWhetherForwardFailsOrWaits() {
        house.queue().answer(new QueueResult.Refused(true, "mail server permanently rejected message (#5.3.0)"));
        assertThat(run("forward", "x@y"))
                .isEqualTo(new Result(100, "", "forward: fatal: mail server permanently rejected message (#5.3.0)\n"));
        house.queue().answer(new QueueResult.Refused(false, "qq write error or disk full (#4.3.0)"));
        assertThat(run("forward", "x@y"))
                .isEqualTo(new Result(111, "", "forward: fatal: qq write error or disk full (#4.3.0)\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 100, ''",
        "111, 111, 'except: fatal: temporary child error\n'",
        "1, 0, ''",
        "99, 0, ''",
        "100, 0, ''"
    })
    void exceptTurnsTheAnswerRound(int childCode, int code, String err) {
        assertThat(run("except", "sh", "-c", "exit " + childCode)).isEqualTo(new Result(code, "", err));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 100, 'No thanks.\n'",
        "111, 111, 'bouncesaying: fatal: temporary child error\n'",
        "1, 0, ''",
        "100, 0, ''"
    })
    void bouncesayingBouncesWhenTheProgramSaysYes(int childCode, int code, String err) {
        assertThat(run("bouncesaying", "No thanks.", "sh", "-c", "exit " + childCode))
                .isEqualTo(new Result(code, "", err));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 99, 'condredirect: qp 830\n', 1",
        "111, 111, 'condredirect: fatal: temporary child error\n', 0",
        "1, 0, '', 0",
        "100, 0, '', 0"
    })
    void condredirectSendsOnAndStopsWhenTheProgramSaysYes(int childCode, int code, String err, int submissions) {
        assertThat(run("condredirect", "bob@far.test", "sh", "-c", "cat >/dev/null; exit " + childCode))
                .isEqualTo(new Result(code, "", err));
        assertThat(house.queue().submissions()).hasSize(submissions);
    }

    @Test
    void condredirectKeepsTheSenderAndSendsTheWholeMessageAfterAProgramThatReadIt() {
        run("condredirect", "bob@far.test", "grep", "-q", "urgent");
        assertThat(house.queue().submissions())
                .containsExactly(new Submitted(Origin.USER, DTLINE + MESSAGE, "pat@far.test", List.of("bob@far.test")));
    }

    @Test
    void conditionsMayBeProgramsOfOurOwn() {
        assertThat(run("condredirect", "bob@far.test", "except", "false").code())
                .isEqualTo(99);
        assertThat(run("condredirect", "bob@far.test", "except", "true").code()).isZero();
    }

    @Test
    void aProgramThatDoesNotExistSaysNo() {
        assertThat(run("except", "no-such-program")).isEqualTo(new Result(0, "", ""));
        assertThat(run("bouncesaying", "text", "no-such-program")).isEqualTo(new Result(0, "", ""));
        assertThat(run("condredirect", "bob@far.test", "no-such-program")).isEqualTo(new Result(0, "", ""));
    }

    @Test
    void aProgramThatCannotBeRunJustNowMakesMailWait() throws IOException {
        Commands busy = new Commands() {
            @Override
            public Running start(Call call) throws CommandNotRun {
                throw new CommandNotRun("out of memory", true);
            }

            @Override
            public Running start(Call call, Identity identity) throws CommandNotRun {
                return start(call);
            }

            @Override
            public boolean isOurs(String name, Environment environment) {
                return false;
            }
        };
        house.put("except", new Except(busy));
        house.put("bouncesaying", new Bouncesaying(busy));
        house.put("preline", new Preline(busy));
        assertThat(run("except", "grep")).isEqualTo(new Result(111, "", "except: fatal: temporary child error\n"));
        assertThat(run("bouncesaying", "No.", "grep"))
                .isEqualTo(new Result(111, "", "bouncesaying: fatal: temporary child error\n"));
        assertThat(run("preline", "grep"))
                .isEqualTo(new Result(111, "", "preline: fatal: unable to run grep: out of memory\n"));
    }

    @Test
    void aProgramThatCrashesMakesMailWait() {
        assertThat(run("except", "sh", "-c", "kill -9 $$"))
                .isEqualTo(new Result(111, "", "except: fatal: child crashed\n"));
        assertThat(run("bouncesaying", "text", "sh", "-c", "kill -9 $$"))
                .isEqualTo(new Result(111, "", "bouncesaying: fatal: child crashed\n"));
        assertThat(run("condredirect", "x@y", "sh", "-c", "kill -9 $$"))
                .isEqualTo(new Result(111, "", "condredirect: fatal: child crashed\n"));
        assertThat(run("preline", "sh", "-c", "kill -9 $$").code()).isEqualTo(111);
    }

    @Test
    void bouncesayingWithoutAProgramAlwaysBounces() {
        assertThat(run("bouncesaying", "Moved away.")).isEqualTo(new Result(100, "", "Moved away.\n"));
    }

    @Test
    void condredirectNeedsItsVariables() {
        assertThat(house.run(directory, DELIVERY.without("SENDER"), MESSAGE, "condredirect", "x@y", "true"))
                .isEqualTo(new Result(100, "", "condredirect: fatal: SENDER not set\n"));
        assertThat(house.run(directory, DELIVERY.without("DTLINE"), MESSAGE, "condredirect", "x@y", "true"))
                .isEqualTo(new Result(100, "", "condredirect: fatal: DTLINE not set\n"));
    }

    @Test
    void wrongUsageIsToldInOneLine() {
        assertThat(run("except")).isEqualTo(new Result(100, "", "except: usage: except program [ arg ... ]\n"));
        assertThat(run("bouncesaying"))
                .isEqualTo(new Result(100, "", "bouncesaying: usage: bouncesaying error [ program [ arg ... ] ]\n"));
        for (String[] arguments : new String[][] {{}, {"x@y"}}) {
            assertThat(run("condredirect", arguments))
                    .isEqualTo(
                            new Result(100, "", "condredirect: usage: condredirect newaddress program [ arg ... ]\n"));
        }
        assertThat(run("preline")).isEqualTo(new Result(100, "", "preline: usage: preline cmd [ arg ... ]\n"));
        assertThat(run("preline", "-x", "cat"))
                .isEqualTo(
                        new Result(100, "", "preline: illegal option -- x\npreline: usage: preline cmd [ arg ... ]\n"));
        assertThat(run("maildirmake")).isEqualTo(new Result(100, "", "maildirmake: usage: maildirmake name\n"));
    }

    @ParameterizedTest
    @CsvSource({"'', 'FRD'", "-f, 'RD'", "-r, 'FD'", "-d, 'FR'", "-frd, ''", "-frdF, 'F'", "-fF, 'FRD'", "-Ff, 'RD'"})
    void prelinePutsTheLinesInFrontThatItIsNotToldToLeaveOut(String options, String lines) {
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < lines.length(); i++) {
            String variable = switch (lines.charAt(i)) {
                case 'F' -> "UFLINE";
                case 'R' -> "RPLINE";
                default -> "DTLINE";
            };
            expected.append(DELIVERY.get(variable).orElseThrow());
        }
        Result result = options.isEmpty() ? run("preline", "cat") : run("preline", options, "cat");
        assertThat(result).isEqualTo(new Result(0, expected + MESSAGE, ""));
    }

    @Test
    void prelineNeedsAllThreeVariablesEvenIfItLeavesTheLinesOut() {
        assertThat(house.run(directory, DELIVERY.without("UFLINE"), MESSAGE, "preline", "-f", "cat"))
                .isEqualTo(new Result(100, "", "preline: usage: preline cmd [ arg ... ]\n"));
    }

    @Test
    void prelineEndsAsItsCommandEndsEvenIfThatReadsNothing() {
        assertThat(run("preline", "sh", "-c", "exit 42").code()).isEqualTo(42);
        assertThat(house.run(directory, DELIVERY, "x".repeat(1_000_000), "preline", "true"))
                .isEqualTo(new Result(0, "", ""));
    }

    @Test
    void prelineTellsWhyItsCommandCannotBeRun() {
        assertThat(run("preline", "no-such-program"))
                .isEqualTo(new Result(100, "", "preline: fatal: unable to run no-such-program: file does not exist\n"));
    }

    @Test
    void maildirmakeMakesAMaildirThatIsItsOwnersAlone() throws IOException {
        assertThat(run("maildirmake", "Maildir")).isEqualTo(new Result(0, "", ""));
        for (String part : new String[] {"", "tmp", "new", "cur"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(
                            directory.resolve("Maildir").resolve(part))))
                    .isEqualTo("rwx------");
        }
        assertThat(run("maildirmake", "Maildir"))
                .isEqualTo(new Result(111, "", "maildirmake: fatal: unable to mkdir Maildir: file already exists\n"));
        assertThat(run("maildirmake", "none/Maildir"))
                .isEqualTo(
                        new Result(111, "", "maildirmake: fatal: unable to mkdir none/Maildir: file does not exist\n"));
    }

    private Result run(String name, String... arguments) {
        return house.run(directory, DELIVERY, MESSAGE, name, arguments);
    }
}
