package org.tawnymail.queue.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tawnymail.queue.journal.JournalBroken;

class RefusalsTest {

    private final List<String> log = new ArrayList<>();
    private Instant now = Instant.ofEpochSecond(1_000_000);
    private final Refusals refusals = new Refusals(() -> now, log::add);

    @Test
    void oneReasonIsToldOnceWhateverFileItStruck() {
        for (int i = 0; i < 1000; i++) {
            refusals.tell(new FileSystemException("/queue/large/" + i, null, "No space left on device"));
        }
        assertThat(log).containsExactly("queue: new mail is refused for the time being: out of disk space");
    }

    @Test
    void reasonsThatTakeTurnsAreToldOnceEach() {
        for (int i = 0; i < 1000; i++) {
            refusals.tell(new IOException("No space left on device"));
            refusals.tell(new IOException("Read-only file system"));
        }
        assertThat(log).hasSize(2);
    }

    @Test
    void whatIsStillSoAfterTenMinutesIsToldAgain() {
        refusals.tell(new IOException("Read-only file system"));
        now = now.plus(Refusals.BETWEEN_LINES);
        refusals.tell(new IOException("Read-only file system"));
        assertThat(log).hasSize(2);
    }

    @Test
    void aBrokenJournalSaysSoItselfAndIsRecalledLater() {
        refusals.tell(new JournalBroken());
        assertThat(log).isEmpty();
        now = now.plus(Refusals.BETWEEN_LINES);
        refusals.tell(new JournalBroken());
        assertThat(log)
                .containsExactly("queue: new mail is refused for the time being: a force has failed, and nothing is"
                        + " accepted until the next start");
    }
}
