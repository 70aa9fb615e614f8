package org.tawnymail.queue.door;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.tawnymail.queue.QueueExit;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;

/**
 * A submission that goes to another process or a file. The wire is opened when there is something to send: with the
 * envelope, or when the message does not fit in memory; so nobody's slow typing holds a connection.
 */
final class WireSubmission implements Submission {

    private static final int FIRST_BUFFER = 8 << 10;
    private static final int LONGEST_ADDRESS = 1002;

    private final Wire.Opener opener;
    private byte[] buffer = new byte[FIRST_BUFFER];
    private int length;
    private @Nullable Wire wire;
    private @Nullable QueueResult trouble;
    private boolean over;

    WireSubmission(Wire.Opener opener) {
        this.opener = opener;
    }

    @Override
    public OutputStream message() {
        return new OutputStream() {
            @Override
            public void write(int octet) {
                WireSubmission.this.write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int count) {
                WireSubmission.this.write(bytes, offset, count);
            }
        };
    }

    private void write(byte[] bytes, int offset, int count) {
        int from = offset;
        int left = count;
        while (left > 0 && trouble == null && !over) {
            if (length == SubmissionFormat.LARGEST_CHUNK) {
                flush();
                continue;
            }
            int room = Math.min(left, SubmissionFormat.LARGEST_CHUNK - length);
            if (buffer.length - length < room) {
                buffer = Arrays.copyOf(
                        buffer, Math.clamp(2L * buffer.length, length + room, SubmissionFormat.LARGEST_CHUNK));
            }
            System.arraycopy(bytes, from, buffer, length, room);
            length += room;
            from += room;
            left -= room;
        }
    }

    private void flush() {
        try {
            sendChunk(open());
        } catch (IOException e) {
            trouble = answer(e);
        }
    }

    private Wire open() throws IOException {
        Wire opened = wire;
        if (opened == null) {
            opened = opener.open();
            wire = opened;
            opened.out().write(SubmissionFormat.MAGIC);
        }
        return opened;
    }

    private void sendChunk(Wire opened) throws IOException {
        if (length > 0) {
            SubmissionFormat.writeChunk(opened.out(), buffer, length);
            length = 0;
        }
    }

    @Override
    public QueueResult commit(String sender, Iterable<String> recipients) {
        if (over) {
            throw new IllegalStateException("committed or closed before");
        }
        try {
            return trouble == null ? send(sender, recipients) : trouble;
        } catch (IOException e) {
            return answer(e);
        } finally {
            close();
        }
    }

    private QueueResult send(String sender, Iterable<String> recipients) throws IOException {
        QueueResult bad = check(sender);
        if (bad != null) {
            return bad;
        }
        Wire opened = open();
        sendChunk(opened);
        OutputStream out = opened.out();
        SubmissionFormat.writeEnd(out);
        SubmissionFormat.writeAddress(out, 'F', sender);
        for (String recipient : recipients) {
            bad = check(recipient);
            if (bad != null) {
                return bad;
            }
            SubmissionFormat.writeAddress(out, 'T', recipient);
        }
        out.write(0);
        return opened.finish();
    }

    private static @Nullable QueueResult check(String address) {
        if (address.length() > LONGEST_ADDRESS) {
            return new QueueResult.Refused(true, QueueExit.ADDRESS_TOO_LONG);
        }
        return address.indexOf('\0') < 0 ? null : new QueueResult.Refused(false, QueueExit.INTERNAL_BUG);
    }

    private QueueResult answer(IOException broken) {
        Wire opened = wire;
        if (opened != null) {
            return new QueueResult.Refused(false, opened.trouble());
        }
        return new QueueResult.Refused(
                false, broken instanceof DropDirectory.NotDropped ? QueueExit.NO_FILES : QueueExit.NETWORK_TROUBLE);
    }

    @Override
    public void close() {
        if (!over) {
            over = true;
            if (wire != null) {
                wire.close();
            }
        }
    }
}
