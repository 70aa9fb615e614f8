package org.tawnymail.queue.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.hostile.HostileInputs;
import org.tawnymail.hostile.Scratch;
import org.tawnymail.queue.disk.LocalDisk;
import org.tawnymail.queue.messages.JournalQueue;
import org.tawnymail.queue.messages.QueueOptions;

/** The files of an old queue with damaged octets: a message is taken whole, or all of its files stay as they are. */
class HostileOldQueueTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_000_000_000));
    private static final List<String> KINDS = List.of("mess", "todo", "intd", "info", "local", "remote", "bounce");

    /** The whole way into a queue of ours costs a thousand times what reading does; so often is it gone. */
    private static final int WHOLE_WAY = 40;

    private static final String MESSAGE = "2172698";

    @TempDir(factory = Scratch.class)
    private Path directory;

    @Test
    void everyFileOfAnOldQueueIsTakenOrLeftAsItIs() throws Exception {
        for (String kind : KINDS) {
            Files.createDirectories(directory.resolve(kind));
        }
        HostileInputs.of("old queue")
                .pieces("u1042\0", "p4431\0", "Fann@here\0", "Tlog\0", "Dlog\0", "Tkim@there\0", "\0", "T", "F", "K")
                .samples(
                        "u1042\0p4431\0Fann@here\0Tlog\0T\0Tkim@there\0",
                        "Fann@here\0",
                        "Tlog-a@here\0Dlog-b@here\0",
                        "<log@here>:\nno such user\n\n")
                .memory(24 << 20)
                .each((input, random) -> {
                    boolean queued = random.nextBoolean();
                    String damaged = queued ? "todo" : KINDS.get(random.nextInt(KINDS.size()));
                    put("mess", Octets.of("Subject: x\n\ntext\n"));
                    put(queued ? "todo" : "info", Octets.of("Fann@here\0"));
                    put("remote", Octets.of("Tkim@there\0Djoe@there\0"));
                    put(damaged, input);
                    Map<String, String> before = files();
                    Told told = new Told();
                    boolean wholeWay = random.nextInt(WHOLE_WAY) == 0;
                    QueueAdoption.Result result =
                            wholeWay ? taken(told) : QueueAdoption.rehearse(new LocalDisk(), directory, CLOCK, told);
                    assertThat(result.taken()).isBetween(0L, 1L);
                    assertThat(told.complaints).isEqualTo(result.left());
                    if (result.taken() == 0) {
                        assertThat(told.complaints).as("a message that stays").isPositive();
                    }
                    if (wholeWay && result.taken() == 1) {
                        assertThat(files()).isEmpty();
                    } else {
                        assertThat(files()).isEqualTo(before);
                    }
                    for (String kind : KINDS) {
                        Files.deleteIfExists(file(kind));
                    }
                });
    }

    private QueueAdoption.Result taken(Told told) throws IOException {
        Path ours = directory.resolve("ours");
        try (JournalQueue queue = JournalQueue.open(ours, QueueOptions.DEFAULT, CLOCK, line -> {})) {
            QueueAdoption.Result result = QueueAdoption.run(new LocalDisk(), directory, queue.adoption(), CLOCK, told);
            assertThat(queue.messages()).hasSize((int) result.taken());
            return result;
        } finally {
            Scratch.empty(ours);
        }
    }

    private void put(String kind, byte[] octets) throws IOException {
        Files.write(file(kind), octets);
    }

    private Path file(String kind) {
        return directory.resolve(kind).resolve(MESSAGE);
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (String kind : KINDS) {
            if (Files.exists(file(kind))) {
                files.put(kind, Octets.text(Files.readAllBytes(file(kind))));
            }
        }
        return files;
    }

    private static final class Told implements QueueAdoption.Report {

        private long complaints;

        @Override
        public void left(String file, String why) {
            assertThat(why).isNotEmpty();
            complaints++;
        }

        @Override
        public void progress(long taken) {
            assertThat(taken).isNotNegative();
        }
    }
}
