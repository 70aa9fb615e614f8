package org.tawnymail.pickup.pop3;

import java.io.IOException;
import java.io.InputStream;
import org.tawnymail.base.program.Complaint;

/**
 * Sends one message as a multi-line reply (RFC 1939, section 3): LF becomes CRLF, a dot that begins a line is doubled, a
 * last line without LF gets CRLF too. After it comes an empty line that is not the message's, and the dot: qmail has
 * always sent it (core spec, section 10.3).
 *
 * <p>Works on blocks, each scanned once for line ends, so memory does not grow with the message or its lines.
 */
final class MessageSending {

    private static final int BLOCK = 8192;

    private final ReplyWriter replies;
    private long bodyLinesLeft;
    private boolean inHeader = true;
    private boolean atLineStart = true;

    private MessageSending(ReplyWriter replies, long bodyLines) {
        this.replies = replies;
        this.bodyLinesLeft = bodyLines;
    }

    /**
     * Sends header, empty line and the first lines of the body.
     *
     * @param bodyLines how many lines of the body; {@link Long#MAX_VALUE} for all
     * @throws Complaint if the message cannot be read to its end, which must end the session: the client must not take
     *     the part for the whole
     */
    static void send(InputStream message, long bodyLines, ReplyWriter replies) throws IOException {
        MessageSending sending = new MessageSending(replies, bodyLines);
        byte[] block = new byte[BLOCK];
        boolean more = true;
        while (more) {
            int count = read(message, block);
            more = count >= 0 && sending.send(block, count);
        }
        if (!sending.atLineStart) {
            replies.lineEnd();
        }
        replies.lineEnd();
        replies.line(".");
    }

    private static int read(InputStream message, byte[] block) throws Complaint {
        try {
            return message.read(block);
        } catch (IOException unreadable) {
            throw new Complaint(0, "qmail-pop3d: unable to read a message: " + unreadable.getMessage());
        }
    }

    /** Sends what a block holds; false if the last wanted line has been sent. */
    private boolean send(byte[] block, int count) throws IOException {
        int from = 0;
        while (from < count) {
            if (atLineStart && !inHeader && bodyLinesLeft-- == 0) {
                return false;
            }
            int to = from;
            while (to < count && block[to] != '\n') {
                to++;
            }
            if (atLineStart && block[from] == '.') {
                replies.octet('.');
            }
            replies.octets(block, from, to - from);
            boolean ended = to < count;
            if (ended) {
                replies.lineEnd();
                inHeader &= !(atLineStart && to == from);
            }
            atLineStart = ended;
            from = to + 1;
        }
        return true;
    }
}
