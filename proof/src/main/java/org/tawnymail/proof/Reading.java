package org.tawnymail.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a text that was found somewhere proves: the letter that stands in it whole, and whose it is or of whom it speaks.
 *
 * @param isBounce whether it is a bounce, which quotes the letter
 * @param recipients of a bounce those that it names; of a copy in a mailbox the one whose it is; of a message of the queue
 *     none
 * @param rest what stands behind it
 */
record Reading(Letter letter, boolean isBounce, List<String> recipients, String rest) {

    private static final String RETURN_PATH = "Return-Path: <";
    private static final String DELIVERED_TO = "\nDelivered-To: ";
    private static final String RECEIVED = "Received: (qmail ";
    private static final String BOUNCE = "\nSubject: failure notice\n\nHi. This is the qmail-send program at ";

    /** A text as a mailbox has it; nothing if no letter stands in it whole. */
    static Optional<Reading> ofDelivered(String text, List<Letter> letters) {
        int to = text.indexOf(DELIVERED_TO);
        if (!text.startsWith(RETURN_PATH) || to < 0) {
            return Optional.empty();
        }
        int head = to + DELIVERED_TO.length();
        int end = text.indexOf('\n', head);
        Optional<Reading> queued = end < 0 ? Optional.empty() : ofQueued(text.substring(end + 1), letters);
        if (queued.isEmpty() || queued.get().isBounce) {
            return queued;
        }
        Letter letter = queued.get().letter;
        String recipient = text.substring(head, end);
        boolean isSendersOwn = text.startsWith(letter.senderFor(recipient) + ">\n", RETURN_PATH.length());
        return isSendersOwn
                ? Optional.of(new Reading(letter, false, List.of(recipient), queued.get().rest))
                : Optional.empty();
    }

    /** A text as the queue has it; nothing if no letter stands in it whole. */
    static Optional<Reading> ofQueued(String text, List<Letter> letters) {
        int at = text.indexOf(Letter.HEADER);
        if (!text.startsWith(RECEIVED) || at < 0 || text.lastIndexOf('\0', at) >= 0) {
            return Optional.empty();
        }
        Letter letter = find(text, at, letters);
        if (letter == null || !text.startsWith(letter.text(), at)) {
            return Optional.empty();
        }
        String rest = text.substring(at + letter.text().length());
        int bounce = text.indexOf(BOUNCE);
        boolean isBounce = bounce >= 0 && bounce < at;
        List<String> named = isBounce ? named(letter, text.substring(bounce, at)) : List.of();
        return Optional.of(new Reading(letter, isBounce, named, rest));
    }

    private static @Nullable Letter find(String text, int at, List<Letter> letters) {
        int from = at + Letter.HEADER.length();
        int end = text.indexOf('\n', from);
        if (end < 0) {
            return null;
        }
        String number = text.substring(from, end);
        for (Letter letter : letters) {
            if (number.equals(Integer.toString(letter.number()))) {
                return letter;
            }
        }
        return null;
    }

    /** The recipients of a letter of whom bounce text speaks. */
    static List<String> named(Letter letter, String text) {
        List<String> named = new ArrayList<>();
        for (String recipient : letter.recipients()) {
            String paragraph = "<" + recipient + ">:\n";
            if (text.startsWith(paragraph) || text.contains("\n" + paragraph)) {
                named.add(recipient);
            }
        }
        return named;
    }
}
