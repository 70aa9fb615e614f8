package org.tawnymail.base.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.Outcome;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.OpenFile;
import org.tawnymail.base.program.SeekableInput;

/** The spawner's side of the protocol, byte for byte. In texts, {@code |} stands for NUL and {@code /} in reports for LF. */
@Timeout(30)
class SpawnerTest {

    private static final String CAPACITY = "x";

    @TempDir
    private Path directory;

    private Path home;
    private Path mess;
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @BeforeEach
    void oneMessage() throws IOException {
        home = directory.resolve("qmail");
        mess = home.resolve("queue/mess");
        Files.createDirectories(mess.resolve("3"));
        Files.writeString(mess.resolve("3/2172698"), "Subject: x\n\nhello\n");
    }

    @Test
    void aSpawnerSaysItsCapacityAndTheReportOfTheSpecsExample() {
        assertThat(dialogue("\5" + "3/2172698|ann@here.test|kim@here.test|"))
                .isEqualTo(Octets.of("\170\5Kdid 1+0+0\n\0"));
    }

    @Test
    void theDeliveryGetsTheMessageAsAnOpenFileThatCanBeRewound() {
        Spawner.Delivery reading = (message, sender, recipient) -> {
            try (SeekableInput in = message.open()) {
                assertThat(in).isInstanceOf(OpenFile.class);
                assertThat(message.size()).isEqualTo(18);
                in.readAllBytes();
                in.rewind();
                return new Outcome.Failed(sender + " " + recipient + " " + Octets.text(in.readAllBytes()));
            } catch (IOException e) {
                return new Outcome.Deferred(e.toString());
            }
        };
        assertThat(reports(reading, "\1" + "3/2172698|a|b@c|"))
                .isEqualTo(CAPACITY + "\1Da b@c Subject: x/" + "/hello/|");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "3/21a; Internal error: messid has nonnumerics. (#5.3.5)",
                "/3/1; Internal error: messid has nonnumerics. (#5.3.5)",
                "../1; Internal error: messid has nonnumerics. (#5.3.5)",
                "-1; Internal error: messid has nonnumerics. (#5.3.5)",
                "''; Internal error: messid too short. (#5.3.5)",
            })
    void aMessageThatIsNoNumberIsRefusedForGood(String message, String report) {
        assertThat(reports("\7" + message + "|a|b@c|")).isEqualTo(CAPACITY + "\7D" + report + "/|");
    }

    @Test
    void theNameOfAMessageHasAtMost99Octets() {
        assertThat(reports("\1" + "1".repeat(99) + "|a|b@c|"))
                .isEqualTo(CAPACITY + "\1Zqmail-spawn unable to open message. (#4.3.0)/|");
        assertThat(reports("\1" + "1".repeat(100) + "|a|b@c|"))
                .isEqualTo(CAPACITY + "\1DInternal error: messid too long. (#5.3.5)/|");
        assertThat(reports("\1" + "1".repeat(1_000_000) + "|a|b@c|"))
                .isEqualTo(CAPACITY + "\1DInternal error: messid too long. (#5.3.5)/|");
    }

    @Test
    void aRecipientNeedsAHost() {
        assertThat(reports("\1" + "3/2172698|a|kim|"))
                .isEqualTo(CAPACITY + "\1DSorry, address must include host name. (#5.1.3)/|");
    }

    @Test
    void aSlotBeyondTheCapacityIsRefused() {
        assertThat(dialogue("\170" + "3/2172698|a|b@c|"))
                .isEqualTo(Octets.of("\170\170ZInternal error: delnum too big. (#4.3.5)\n\0"));
        assertThat(dialogue("\377" + "3/2172698|a|b@c|"))
                .isEqualTo(Octets.of("\170\377ZInternal error: delnum too big. (#4.3.5)\n\0"));
    }

    @Test
    void anAddressThatTakesTooMuchMemoryIsDeferredAndTheNextCommandUnderstood() {
        assertThat(reports("\1" + "3/2172698|a|" + "b".repeat(1_000_000) + "@c|\2" + "3/2172698|a|b@c|"))
                .isEqualTo(CAPACITY + "\1Zqmail-spawn out of memory. (#4.3.0)/|\2Kdid 1+0+0/|");
    }

    @Test
    void aMessageThatIsNotThereIsDeferred() {
        assertThat(reports("\1" + "3/3|a|b@c|"))
                .isEqualTo(CAPACITY + "\1Zqmail-spawn unable to open message. (#4.3.0)/|");
    }

    @Test
    void aDirectoryOrANamedPipeIsNoMessage() throws Exception {
        assertThat(reports("\1" + "3|a|b@c|")).isEqualTo(CAPACITY + "\1ZSorry, message has wrong type. (#4.3.5)/|");
        new ProcessBuilder("mkfifo", mess.resolve("5").toString()).start().waitFor();
        assertThat(reports("\1" + "5|a|b@c|")).isEqualTo(CAPACITY + "\1ZSorry, message has wrong type. (#4.3.5)/|");
    }

    @Test
    void aMessageOfAnybodyButTheOwnerOfTheQueueIsDeferred() throws IOException {
        assumeTrue(ThisProcess.effectiveUid() == 0, "only root can give files away");
        Files.setAttribute(mess.resolve("3/2172698"), "unix:uid", 1050);
        assertThat(reports("\1" + "3/2172698|a|b@c|"))
                .isEqualTo(CAPACITY + "\1ZSorry, message has wrong owner. (#4.3.5)/|");
        Files.setAttribute(home.resolve("queue"), "unix:uid", 1050);
        assertThat(reports("\1" + "3/2172698|a|b@c|")).isEqualTo(CAPACITY + "\1Kdid 1+0+0/|");
    }

    @Test
    void aSlotThatIsInUseIsRefusedAndTheEndOfTheCommandsWaitsForWhatIsUnderWay() throws Exception {
        CountDownLatch refused = new CountDownLatch(1);
        Spawner.Delivery patient = (message, sender, recipient) -> {
            await(refused);
            return new Outcome.Delivered("late\n");
        };
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] octets) throws IOException {
                super.write(octets);
                if (Octets.text(octets).contains("in use")) {
                    refused.countDown();
                }
            }
        };
        run(patient, new ByteArrayInputStream(octets("\1" + "3/2172698|a|b@c|\1" + "3/2172698|a|b@c|")), out);
        assertThat(text(out.toByteArray()))
                .isEqualTo(CAPACITY + "\1ZInternal error: delnum in use. (#4.3.5)/|\1Klate/|");
    }

    @Test
    void oneHundredAndTwentyDeliveriesRunAtOneTimeAndAreReportedAsTheyEnd() {
        CountDownLatch begun = new CountDownLatch(Spawner.CAPACITY);
        CountDownLatch reported = new CountDownLatch(Spawner.CAPACITY);
        StringBuilder commands = new StringBuilder();
        for (int slot = 0; slot < Spawner.CAPACITY; slot++) {
            commands.append((char) slot).append("3/2172698|a|").append(slot).append("@c|");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] octets) throws IOException {
                super.write(octets);
                reported.countDown();
            }
        };
        Spawner.Delivery delivery = (message, sender, recipient) -> {
            begun.countDown();
            await(begun);
            if (recipient.equals("0@c")) {
                await(reported);
            }
            return new Outcome.Delivered("");
        };
        run(delivery, new ByteArrayInputStream(octets(commands.toString())), out);
        assertThat(out.toByteArray()).hasSize(1 + 3 * Spawner.CAPACITY).endsWith(0, 'K', 0);
    }

    @Test
    void aDeliveryThatBreaksIsACrash() {
        Spawner.Delivery broken = (message, sender, recipient) -> {
            throw new IllegalStateException("no such state");
        };
        assertThat(reports(broken, "\1" + "3/2172698|a|b@c|")).isEqualTo(CAPACITY + "\1Zqmail-local crashed./|");
        assertThat(errors).asString().contains("no such state");
    }

    @Test
    void aReportEndsAtItsFirstNul() {
        assertThat(reports((message, sender, recipient) -> new Outcome.Failed("no\0way"), "\1" + "3/2172698|a|b@c|"))
                .isEqualTo(CAPACITY + "\1Dno|");
    }

    @Test
    void aCommandThatTheEndCutsOffIsNone() {
        assertThat(reports("\1" + "3/2172698|a|b@")).isEqualTo(CAPACITY);
        assertThat(reports("")).isEqualTo(CAPACITY);
    }

    @Test
    void deliveriesGoOnWhenNobodyReadsTheirReports() {
        AtomicInteger made = new AtomicInteger();
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("broken pipe");
            }
        };
        int code = run(
                (message, sender, recipient) -> {
                    made.incrementAndGet();
                    return new Outcome.Delivered("");
                },
                new ByteArrayInputStream(octets("\0" + "3/2172698|a|b@c|\1" + "3/2172698|a|b@c|")),
                gone);
        assertThat(code).isZero();
        assertThat(made).hasValue(2);
    }

    @Test
    void withoutAHomeItDoesNotStart() {
        home = directory.resolve("nowhere");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(run((message, sender, recipient) -> new Outcome.Delivered(""), InputStream.nullInputStream(), out))
                .isEqualTo(111);
        assertThat(out.size()).isZero();
    }

    private String reports(String commands) {
        return text(dialogue(commands));
    }

    private byte[] dialogue(String commands) {
        return collect((message, sender, recipient) -> new Outcome.Delivered("did 1+0+0\n"), commands);
    }

    private String reports(Spawner.Delivery delivery, String commands) {
        return text(collect(delivery, commands));
    }

    private byte[] collect(Spawner.Delivery delivery, String commands) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(run(delivery, new ByteArrayInputStream(octets(commands)), out))
                .isZero();
        return out.toByteArray();
    }

    private int run(Spawner.Delivery delivery, InputStream commands, OutputStream reports) {
        Descriptors descriptors =
                Descriptors.none().with(0, commands).with(1, reports).with(2, errors);
        Call call = new Call("qmail-lspawn", List.of(), Environment.empty(), descriptors, directory);
        try {
            return new Spawner(new Home(home), delivery, "qmail-local crashed.").run(call);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] octets(String text) {
        return Octets.of(text.replace('|', '\0'));
    }

    private static String text(byte[] octets) {
        return Octets.text(octets).replace('\0', '|').replace('\n', '/');
    }
}
