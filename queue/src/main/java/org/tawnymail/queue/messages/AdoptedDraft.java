package org.tawnymail.queue.messages;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.journal.RecordFormat;

/**
 * An old message on its way into the journal: one record holds all of it, so that it is either there with every mark or not
 * there at all.
 */
final class AdoptedDraft implements AdoptedMessage {

    /** In front of a recipient who is done, as in the old queue's files. */
    static final char DONE = 'D';

    static final char NOT_DONE = 'T';

    /** In front of bounce text, where a further recipient would begin. */
    static final char BOUNCE = 'B';

    private static final int BUFFER = 8 << 10;

    private final Adoption adoption;
    private final RecordDraft draft;
    private @Nullable AdoptedEnvelope envelope;
    private int recipients;
    private boolean over;

    AdoptedDraft(Adoption adoption, RecordDraft draft) {
        this.adoption = adoption;
        this.draft = draft;
    }

    @Override
    public void body(InputStream in) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            draft.body(buffer, 0, count);
        }
    }

    @Override
    public void envelope(AdoptedEnvelope known) throws IOException {
        envelope = known;
        draft.sender(known.sender());
        draft.besideSender(new Heritage(
                        known.provenance(),
                        known.qp(),
                        known.localDue().orElse(QueuedMessage.NOT_NOTED),
                        known.remoteDue().orElse(QueuedMessage.NOT_NOTED))
                .bytes());
    }

    @Override
    public void recipient(String address) throws IOException {
        add(address);
    }

    @Override
    public void recipient(Channel channel, String address, boolean done) throws IOException {
        add((done ? DONE : NOT_DONE) + String.valueOf((char) MarkRecords.letter(channel)) + address);
    }

    private void add(String entry) throws IOException {
        byte[] bytes = Octets.of(entry + '\0');
        draft.list(bytes, 0, bytes.length);
        recipients++;
    }

    @Override
    public void bounceText(InputStream in) throws IOException {
        draft.list(new byte[] {BOUNCE}, 0, 1);
        byte[] buffer = new byte[BUFFER];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            draft.list(buffer, 0, count);
        }
    }

    @Override
    public void commit() throws IOException {
        AdoptedEnvelope known = envelope;
        if (known == null || over) {
            throw new IllegalStateException("no envelope, or committed or closed before");
        }
        int kind = RecordFormat.ADOPTED | (known.routed() ? RecordFormat.ADOPTED_ROUTED : 0);
        draft.complete(known.birth(), known.uid(), recipients, kind);
        over = true;
        adoption.accept(draft);
    }

    @Override
    public void close() {
        if (!over) {
            over = true;
            draft.abandon();
        }
    }
}
