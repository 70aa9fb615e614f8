package org.tawnymail.bench.backlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.messages.JournalQueue;
import org.tawnymail.queue.messages.QueueOptions;

class WaitingMailTest {

    @TempDir
    private Path directory;

    @Test
    void whatWaitsIsRoutedAndNotDueForHours() throws Exception {
        Path queue = Files.createDirectory(directory.resolve("queue"));
        WaitingMail mail = new WaitingMail(queue, 2_000);
        mail.add(20);
        mail.add(30);
        try (JournalQueue opened = JournalQueue.open(queue, QueueOptions.DEFAULT, InstantSource.system(), line -> {})) {
            assertThat(opened.messages()).hasSize(50);
            long later = Instant.now().plus(Duration.ofHours(6)).getEpochSecond();
            for (long message : opened.messages()) {
                assertThat(opened.remaining(message, Channel.REMOTE)).isEqualTo(1);
                assertThat(opened.due(message, Channel.REMOTE).orElseThrow()).isGreaterThan(later);
                assertThat(opened.envelope(message).birth()).isBefore(Instant.now());
            }
        }
    }

    @Test
    void theHeapOfAProcessCanBeSeen() throws Exception {
        assertThat(LiveHeap.of(ProcessHandle.current().pid())).isGreaterThan(1 << 20);
    }
}
