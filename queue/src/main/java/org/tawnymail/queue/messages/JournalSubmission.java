package org.tawnymail.queue.messages;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.QueueExit;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;

/** A submission straight into the journal. */
final class JournalSubmission implements Submission {

    /** The longest address, core spec, section 2.1. */
    private static final int LONGEST_ADDRESS = 1002;

    private final Acceptance acceptance;
    private final int uid;
    private final RecordDraft draft;
    private final byte[] one = new byte[1];
    private @Nullable IOException trouble;
    private boolean over;

    JournalSubmission(Acceptance acceptance, RecordDraft draft, int uid, byte[] received) {
        this.acceptance = acceptance;
        this.draft = draft;
        this.uid = uid;
        write(received, 0, received.length);
    }

    /** A submission that cannot succeed. */
    static JournalSubmission failed(Acceptance acceptance, RecordDraft draft, IOException trouble) {
        JournalSubmission failed = new JournalSubmission(acceptance, draft, 0, new byte[0]);
        failed.trouble = trouble;
        return failed;
    }

    @Override
    public OutputStream message() {
        return new OutputStream() {
            @Override
            public void write(int octet) {
                one[0] = (byte) octet;
                JournalSubmission.this.write(one, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int count) {
                JournalSubmission.this.write(bytes, offset, count);
            }
        };
    }

    private void write(byte[] bytes, int offset, int count) {
        if (trouble != null || over) {
            return;
        }
        try {
            draft.body(bytes, offset, count);
        } catch (IOException e) {
            trouble = e;
        }
    }

    @Override
    public QueueResult commit(String sender, Iterable<String> addresses) {
        if (over) {
            throw new IllegalStateException("committed or closed before");
        }
        try {
            QueueResult result = trouble == null ? submit(sender, addresses) : refuse(trouble);
            over = result instanceof QueueResult.Accepted;
            return result;
        } catch (IOException e) {
            return refuse(e);
        } finally {
            close();
        }
    }

    private QueueResult refuse(IOException why) {
        acceptance.tellOfTrouble(why);
        return new QueueResult.Refused(
                false, why instanceof TooManyMessages ? QueueExit.OUT_OF_MEMORY : QueueExit.WRITE_ERROR);
    }

    private QueueResult submit(String sender, Iterable<String> addresses) throws IOException {
        if (!isPossible(sender)) {
            return badAddress(sender);
        }
        draft.sender(sender);
        int count = 0;
        for (Iterable<String> some : List.of(acceptance.extraRecipients(), addresses)) {
            for (String address : some) {
                if (!isPossible(address)) {
                    return badAddress(address);
                }
                append(address);
                count++;
            }
        }
        draft.complete(acceptance.now(), uid, count, 0);
        return acceptance.accept(draft);
    }

    private void append(String address) throws IOException {
        byte[] bytes = Octets.of(address + '\0');
        draft.list(bytes, 0, bytes.length);
    }

    private static boolean isPossible(String address) {
        return address.length() <= LONGEST_ADDRESS && address.indexOf('\0') < 0;
    }

    private static QueueResult badAddress(String address) {
        return address.length() > LONGEST_ADDRESS
                ? new QueueResult.Refused(true, QueueExit.ADDRESS_TOO_LONG)
                : new QueueResult.Refused(false, QueueExit.INTERNAL_BUG);
    }

    @Override
    public void close() {
        if (!over) {
            over = true;
            draft.abandon();
        }
    }
}
