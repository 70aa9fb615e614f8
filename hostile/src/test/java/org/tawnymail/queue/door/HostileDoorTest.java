package org.tawnymail.queue.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.hostile.Connection;
import org.tawnymail.hostile.HostileInputs;
import org.tawnymail.hostile.PaperQueue;
import org.tawnymail.hostile.Ran;
import org.tawnymail.hostile.Scratch;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.disk.LocalDisk;
import org.tawnymail.queue.program.QmailQueue;

/** What comes to the queue's door: envelopes, the socket's protocol both ways, and files of the drop directory. */
class HostileDoorTest {

    private static final String[] PIECES = {
        "F",
        "T",
        "\0",
        "ann@corp.test",
        "Fann@corp.test\0",
        "Tbob@far.test\0",
        "TAWNYS1\n",
        "\0\0\0\0",
        "\0\0\0\5hello",
        "\u007f\u00ff\u00ff\u00ff",
        "\0\1\0\0",
        "\0\1\0\1",
        "\u00ff\u00ff\u00ff\u00ff",
        "K",
        "Z",
        "D",
        "\n"
    };

    private static final String SUBMISSION =
            "TAWNYS1\n\0\0\0\5hello\0\0\0\3abc\0\0\0\0Fann@corp.test\0Tbob@far.test\0Tkim@far.test\0\0";

    @TempDir(factory = Scratch.class)
    private Path directory;

    @Test
    void everyEnvelopeIsQueuedOrHasAnExitCode() throws Exception {
        HostileInputs.of("qmail-queue envelopes")
                .pieces(PIECES)
                .samples("Fann@corp.test\0Tbob@far.test\0Tkim@far.test\0\0", "F\0T\0\0")
                .each((input, random) -> {
                    PaperQueue queue = new PaperQueue();
                    Descriptors descriptors = Descriptors.none()
                            .with(0, new ByteArrayInputStream(input))
                            .with(1, new Connection(input, random));
                    Ran ran = Ran.of(new QmailQueue(queue), List.of(), Environment.empty(), descriptors, directory);
                    assertThat(ran.code()).isIn(0, 11, 54, 91);
                    assertThat(queue.queued()).hasSize(ran.code() == 0 ? 1 : 0);
                    assertThat(ran.code() == 0).isEqualTo(isEnvelope(Octets.text(input)));
                    for (PaperQueue.Queued queued : queue.queued()) {
                        assertThat(queued.message()).isEqualTo(Octets.text(input));
                    }
                });
    }

    /** The grammar of core spec, section 2.1, looked at as a whole. */
    private static boolean isEnvelope(String text) {
        return text.matches("(?s)F[^\\x00]{0,1002}+\\x00(T[^\\x00]{0,1002}+\\x00)*+\\x00.*");
    }

    @Test
    void everySubmissionOnTheSocketIsTakenOrMalformedOrTooShort() throws Exception {
        HostileInputs.of("queue socket").pieces(PIECES).samples(SUBMISSION).each((input, random) -> {
            PaperQueue queue = new PaperQueue();
            try {
                QueueResult result =
                        SubmissionFormat.transfer(new Connection(input, random), queue.begin(PaperQueue.Origin.USER));
                assertThat(result).isInstanceOf(QueueResult.Accepted.class);
                assertSentAgainTheSame(queue.queued().getFirst());
            } catch (EOFException | SubmissionFormat.Malformed none) {
                assertThat(queue.queued()).isEmpty();
                assertThat(none.getMessage()).startsWith("it");
            }
        });
    }

    private static void assertSentAgainTheSame(PaperQueue.Queued queued) throws IOException {
        Paper paper = new Paper();
        try (WireSubmission submission = new WireSubmission(() -> paper)) {
            submission.message().write(Octets.of(queued.message()));
            assertThat(submission.commit(queued.sender(), queued.recipients()))
                    .isInstanceOf(QueueResult.Accepted.class);
        }
        PaperQueue again = new PaperQueue();
        SubmissionFormat.transfer(
                new ByteArrayInputStream(paper.octets.toByteArray()), again.begin(PaperQueue.Origin.USER));
        assertThat(again.queued()).containsExactly(queued);
    }

    private static final class Paper implements Wire {
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

        @Override
        public ByteArrayOutputStream out() {
            return octets;
        }

        @Override
        public QueueResult finish() {
            return new QueueResult.Accepted(1);
        }

        @Override
        public String trouble() {
            throw new AssertionError("paper does not break");
        }

        @Override
        public void close() {
            // Paper stays open.
        }
    }

    @Test
    void everyAnswerOfAnOwnerIsOneOrNone() throws Exception {
        HostileInputs.of("answers of the queue")
                .pieces(PIECES)
                .samples("K4711\n", "Zdisk full (#4.3.0)\n", "Dno\n")
                .each((input, random) -> {
                    try {
                        QueueResult result = SubmissionFormat.readAnswer(new Connection(input, random));
                        assertThat(result).isNotNull();
                    } catch (EOFException | SubmissionFormat.Malformed none) {
                        assertThat(none.getMessage()).startsWith("the owner of the queue");
                    }
                });
    }

    @Test
    void everyDroppedFileIsTakenInOrSetAsideAndNoneIsLost() throws Exception {
        Path queue = Files.createDirectories(directory.resolve("queue"));
        Path drop = Files.createDirectories(DropDirectory.in(queue));
        PaperQueue paper = new PaperQueue();
        List<String> log = new ArrayList<>();
        DropIntake intake = new DropIntake(
                queue,
                (origin, uid) -> paper.begin(origin),
                Submitters.ofThisMachine(),
                new LocalDisk(),
                InstantSource.system(),
                log::add);
        HostileInputs.of("dropped files").pieces(PIECES).samples(SUBMISSION).each((input, random) -> {
            String name = name(input);
            Files.write(drop.resolve(name), input);
            int before = paper.queued().size();
            intake.run(() -> false);
            Path kept = queue.resolve("damaged").resolve("drop." + name);
            boolean taken = paper.queued().size() == before + 1;
            assertThat(Files.exists(kept)).isEqualTo(!taken);
            if (!taken) {
                assertThat(Files.readAllBytes(kept)).isEqualTo(input);
                Files.delete(kept);
                assertThat(log).hasSize(1);
            }
            log.clear();
            paper.queued().clear();
            assertThat(files(drop)).isZero();
            assertThat(files(DropDirectory.intake(queue))).isZero();
        });
    }

    private static String name(byte[] input) {
        return "f" + Integer.toHexString(Arrays.hashCode(input));
    }

    private static long files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }
}
