package org.tawnymail.queue.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.OpenFile;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.journal.JournalLimits;

/** A queue on a real disk, in which things are in the place of others. It starts all the same, and says what it found. */
@Timeout(60)
class StrangeFilesTest {

    @TempDir
    private Path directory;

    private final List<String> log = new CopyOnWriteArrayList<>();
    private Path queue = Path.of("/nowhere");
    private long small;
    private long large;

    private JournalQueue open() throws IOException {
        QueueOptions options = QueueOptions.DEFAULT.withJournal(new JournalLimits(64 << 10, 64 << 10, 1));
        return JournalQueue.open(queue, options, InstantSource.system(), log::add);
    }

    @BeforeEach
    void twoMessages() throws IOException {
        queue = directory.resolve("queue");
        try (JournalQueue opened = open()) {
            small = submit(opened, "small\n");
            large = submit(opened, "large\n".repeat(20_000));
        }
    }

    private static long submit(JournalQueue queue, String text) throws IOException {
        try (Submission submission = queue.begin(Origin.USER)) {
            submission.message().write(Octets.of(text));
            return ((QueueResult.Accepted) submission.commit("joe@x", List.of("ann@y"))).qp();
        }
    }

    private static String content(JournalQueue queue, long number) throws IOException {
        try (var in = queue.content(number).open()) {
            String content = Octets.text(in.readAllBytes());
            return content.substring(content.indexOf('\n') + 1);
        }
    }

    /** A directory with something in it, where a file should be. */
    private void directoryAt(String name) throws IOException {
        Files.deleteIfExists(queue.resolve(name));
        Files.createDirectories(queue.resolve(name).resolve("in-the-way"));
    }

    private Set<String> setAside() throws IOException {
        try (Stream<Path> kept = Files.list(queue.resolve("damaged"))) {
            return new TreeSet<>(
                    kept.map(Path::getFileName).map(String::valueOf).toList());
        }
    }

    @Test
    void directoriesInTheJournalAreSetAsideAndTheMailIsThere() throws IOException {
        directoryAt("journal/numbers");
        directoryAt("journal/prepare");
        directoryAt("journal/spare.0000000077");
        try (JournalQueue opened = open()) {
            assertThat(content(opened, small)).isEqualTo("small\n");
            assertThat(content(opened, large)).startsWith("large\n");
            assertThat(submit(opened, "new\n")).isGreaterThan(large);
        }
        assertThat(setAside()).containsExactly("numbers", "prepare", "spare.0000000077");
        assertThat(log).hasSize(3).allMatch(line -> line.contains(" is kept as "));
    }

    @Test
    void aDirectoryInThePlaceOfASegmentIsNamedAndStays() throws IOException {
        directoryAt("journal/0000004711");
        try (JournalQueue opened = open()) {
            assertThat(content(opened, small)).isEqualTo("small\n");
            assertThat(log)
                    .singleElement()
                    .asString()
                    .contains("unable to open " + queue.resolve("journal/0000004711") + ", its mail waits there: ");
        }
        assertThat(queue.resolve("journal/0000004711/in-the-way")).exists();
    }

    @Test
    void aDirectoryInThePlaceOfALargeFileIsDamageOfItsMessageAlone() throws IOException {
        directoryAt("large/" + large);
        directoryAt("large/4242");
        try (JournalQueue opened = open()) {
            assertThat(content(opened, small)).isEqualTo("small\n");
            assertThatThrownBy(() -> content(opened, large)).hasMessageContaining("is missing");
            opened.setAside(large, "test");
            assertThat(opened.messages()).containsExactly(small);
        }
        assertThat(setAside()).containsExactly(large + ".env", "large.4242");
    }

    @Test
    void aFileInThePlaceOfADirectoryIsNamed() throws IOException {
        Files.delete(queue.resolve("large/" + large));
        Files.delete(queue.resolve("large"));
        Files.writeString(queue.resolve("large"), "x");
        assertThatThrownBy(this::open).hasMessage(queue.resolve("large") + " is in the way: it is no directory");
    }

    @Test
    void aFileThatAChildProcessIsToInheritIsComparedBefore() throws IOException {
        Path file = queue.resolve("large/" + large);
        try (JournalQueue opened = open();
                var whole = opened.content(large).open()) {
            assertThat(Octets.text(whole.readNBytes(9))).isEqualTo("Received:");
            assertThat(((OpenFile) whole).fileNumber()).isPositive();
            assertThat(Octets.text(whole.readNBytes(7)))
                    .as("and goes on where it was")
                    .isEqualTo(" (qmail");
            byte[] bytes = Files.readAllBytes(file);
            byte[] longer = Octets.of(Octets.text(bytes) + "somebody added this\n");
            bytes[4711] ^= 1;
            for (byte[] changed : List.of(bytes, longer)) {
                Files.write(file, changed);
                try (var damaged = opened.content(large).open()) {
                    assertThatThrownBy(((OpenFile) damaged)::fileNumber)
                            .isInstanceOf(UncheckedIOException.class)
                            .hasMessageContaining("message " + large + " is damaged: " + file);
                }
            }
        }
    }
}
