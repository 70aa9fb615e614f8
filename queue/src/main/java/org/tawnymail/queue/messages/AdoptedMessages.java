package org.tawnymail.queue.messages;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.tawnymail.queue.journal.Journal;

/**
 * The messages that came from an old qmail queue. Each start completes what an {@link Adoption} that was cut short has left,
 * and notes what may be in its old queue still.
 */
final class AdoptedMessages {

    private final AdoptionNote note;
    private final InheritedState inherited;
    private final MessageTable table;
    private final Journal journal;
    private final Consumer<String> log;

    AdoptedMessages(
            AdoptionNote note, InheritedState inherited, MessageTable table, Journal journal, Consumer<String> log) {
        this.note = note;
        this.inherited = inherited;
        this.table = table;
        this.journal = journal;
        this.log = log;
    }

    /** Begins to take messages in, or goes on where that was interrupted. */
    Adoption adoption(Acceptance acceptance) throws IOException {
        if (!note.exists()) {
            note.store(acceptance.nextNumber(), Set.of());
        }
        return new Adoption(acceptance, inherited, note, Set.copyOf(note.read().listed()));
    }

    /** At a start of the queue. What cannot be done is said: it is no reason to deliver no mail at all. */
    void resume() {
        for (QueuedMessage message : List.copyOf(table.all())) {
            try {
                inherited.unfold(message);
            } catch (IOException damaged) {
                log.accept("queue: message " + message.number + " cannot be routed as it was in its old queue: "
                        + damaged.getMessage());
            }
        }
        try {
            if (note.exists()) {
                noteAll();
            }
        } catch (IOException e) {
            log.accept("queue: end the adoption of the old queue before mail is delivered, or some may come twice: "
                    + e.getMessage());
        }
    }

    private void noteAll() throws IOException {
        AdoptionNote.Content known = note.read();
        Set<Provenance> all = new HashSet<>(known.listed());
        for (QueuedMessage message : table.all()) {
            if (message.isAdopted() && message.number >= known.first()) {
                AcceptedRecord record = AcceptedRecord.of(message, journal);
                all.add(record.heritage().provenance());
            }
        }
        if (all.size() > known.listed().size()) {
            note.store(known.first(), all);
        }
    }

    /** If the start could not: a message of an old queue must never be routed a second time. */
    void unfold(QueuedMessage message) throws IOException {
        inherited.unfold(message);
    }
}
