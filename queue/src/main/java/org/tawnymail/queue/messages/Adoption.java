package org.tawnymail.queue.messages;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Takes messages of an old qmail queue into this one, many for one force of the disk. In the journal each is one record with
 * all that has become of it, so a crash leaves it whole or not at all.
 *
 * <p>Whoever drains an old queue goes round: {@link #begin} some messages and commit them; {@link #settle}; remove their old
 * files for good; {@link #cleaned}. At the end {@link #end}. After a crash between the second and the third step the same
 * message is in both queues: {@link #takenBefore} has it, even if it has been delivered and finished meanwhile. For one
 * thread.
 */
public final class Adoption {

    private final Acceptance acceptance;
    private final InheritedState inherited;
    private final AdoptionNote note;
    private final Set<Provenance> takenBefore;
    private final List<QueuedMessage> underway = new ArrayList<>();
    private Completion completion = new Completion();

    Adoption(Acceptance acceptance, InheritedState inherited, AdoptionNote note, Set<Provenance> takenBefore) {
        this.acceptance = acceptance;
        this.inherited = inherited;
        this.note = note;
        this.takenBefore = takenBefore;
    }

    /**
     * What was taken in when an earlier adoption was cut short, and may be in the old queue still: its files go first of all.
     */
    public Set<Provenance> takenBefore() {
        return takenBefore;
    }

    /** Begins to take a message in. */
    public AdoptedMessage begin() throws IOException {
        return new AdoptedDraft(this, acceptance.draft());
    }

    void accept(RecordDraft draft) {
        QueuedMessage message = draft.message();
        acceptance.accept(draft, message, completion);
        underway.add(message);
    }

    /** When this returns, everything that was committed survives a loss of power. */
    public void settle() throws IOException {
        Completion written = completion;
        completion = new Completion();
        if (underway.isEmpty()) {
            return;
        }
        List<QueuedMessage> settled = List.copyOf(underway);
        underway.clear();
        written.await();
        for (QueuedMessage message : settled) {
            inherited.unfold(message);
        }
    }

    /** The old files of everything that was settled are gone for good. */
    public void cleaned() throws IOException {
        note.store(acceptance.nextNumber(), Set.of());
    }

    /** The old queue holds nothing that was taken in. */
    public void end() throws IOException {
        note.remove();
    }
}
