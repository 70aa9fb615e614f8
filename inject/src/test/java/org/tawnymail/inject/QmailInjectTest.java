package org.tawnymail.inject;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.queue.QueueClient;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.QueueResult;

/** Holds every dialogue of {@code src/test/resources} against the program. */
class QmailInjectTest {

    private static final InstantSource SEVENTH_OF_MARCH = InstantSource.fixed(Instant.parse("2025-03-07T09:04:05Z"));
    private static final long PID = 7712;

    @TempDir
    private Path directory;

    static List<Path> dialogues() throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(QmailInjectTest.class.getResource("qmail-inject"))
                .toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return new ArrayList<>(files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("dialogues")
    void saysWhatTheDialogueSays(Path file) throws IOException {
        InjectDialogue dialogue = InjectDialogue.read(file);
        Path home = prepareHome(dialogue);
        write(directory, dialogue.files);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        MemoryQueue queue = new MemoryQueue(dialogue.refusal.map(QmailInjectTest::refusal), out);
        Call call = new Call(
                "/var/qmail/bin/qmail-inject",
                dialogue.arguments,
                Environment.of(dialogue.environment()),
                Descriptors.none().with(0, input(dialogue)).with(1, out).with(2, err),
                directory,
                PID);

        int exitCode = run(program(home, queue), call);

        boolean isQueued = !queue.senders.isEmpty();
        assertThat(Octets.text(err.toByteArray())).isEqualTo(dialogue.errors());
        assertThat(exitCode).isEqualTo(dialogue.exitCode);
        assertThat(queue.senders).isEqualTo(dialogue.senders);
        assertThat(queue.recipients).isEqualTo(dialogue.recipients);
        assertThat(queue.isClosed).isEqualTo(queue.origin.isPresent());
        assertThat(queue.origin.orElse(QueuePort.Origin.USER)).isEqualTo(QueuePort.Origin.USER);
        if (isQueued || exitCode == 0) {
            assertThat(Octets.text(out.toByteArray())).isEqualTo(dialogue.output());
        }
    }

    private static QmailInject program(Path home, MemoryQueue queue) {
        Home ours = new Home(home);
        return new QmailInject(ours, new QueueClient(ours, queue, RecordedCommands.thatCannotRun()), SEVENTH_OF_MARCH);
    }

    private static int run(QmailInject program, Call call) throws IOException {
        try {
            return program.run(call);
        } catch (Complaint complaint) {
            call.complain(complaint.line());
            return complaint.exitCode();
        }
    }

    private Path prepareHome(InjectDialogue dialogue) throws IOException {
        Path home = directory.resolve("home");
        if (!dialogue.homeIsMissing) {
            Path control = Files.createDirectories(home.resolve("control"));
            write(control, dialogue.controls());
            if (dialogue.unreadableControl.isPresent()) {
                // Root reads any file, but nobody reads a directory.
                Path unreadable = control.resolve(dialogue.unreadableControl.get());
                Files.deleteIfExists(unreadable);
                Files.createDirectory(unreadable);
            }
        }
        return home;
    }

    private static void write(Path folder, Map<String, String> files) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.write(folder.resolve(file.getKey()), Octets.of(file.getValue()));
        }
    }

    private static InputStream input(InjectDialogue dialogue) {
        InputStream input = new ByteArrayInputStream(dialogue.input());
        return dialogue.inputBreaks ? new SequenceInputStream(input, new BrokenInput()) : input;
    }

    private static QueueResult.Refused refusal(String answer) {
        return new QueueResult.Refused(answer.startsWith("D"), answer.substring(2));
    }

    /** A descriptor that gives an error. */
    private static final class BrokenInput extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("input/output error");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            throw new IOException("input/output error");
        }
    }
}
