package org.tawnymail.proof;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tawnymail.base.Octets;
import org.tawnymail.proof.disk.DiskState;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.Envelope;
import org.tawnymail.queue.RecipientPage;
import org.tawnymail.queue.messages.JournalQueue;

/**
 * Where each letter is: for every recipient, whether the queue has it still, or a mailbox has it whole, or a bounce speaks
 * of it. A torn letter is noted wherever a reader or a recipient would meet it.
 */
final class Evidence {

    /** One recipient of one letter. */
    record Fate(int letter, String recipient) {}

    private static final String DELIVERED_TO = "Delivered-To: ";
    private static final String BOUNCE = "\nSubject: failure notice\n";

    private final List<Letter> offered;
    private final Set<Fate> known = new HashSet<>();
    private final List<String> torn = new ArrayList<>();

    Evidence(List<Letter> offered) {
        this.offered = offered;
    }

    boolean knows(int letter, String recipient) {
        return known.contains(new Fate(letter, recipient));
    }

    /** Places where a message was found that is not whole. */
    List<String> torn() {
        return torn;
    }

    void handedOver(int letter, String recipient) {
        known.add(new Fate(letter, recipient));
    }

    // ---- mailboxes

    void lookInto(DiskState disk) {
        for (Path maildir : Scenario.MAILDIRS) {
            for (Path file : disk.list(maildir.resolve("new"))) {
                String text = Octets.text(disk.bytes(file));
                if (!take(text)) {
                    torn.add("a torn message in " + file);
                }
            }
        }
        for (Path mbox : Scenario.MBOXES) {
            if (disk.list(Scenario.HOME).contains(mbox)) {
                // What a loss of power tore stands at the end of the mbox for good; it counts for nothing.
                messages(Octets.text(disk.bytes(mbox))).forEach(this::take);
            }
        }
    }

    /** The messages of an mbox as a reader finds them: each begins at a {@code From } line. */
    private static List<String> messages(String mbox) {
        List<String> messages = new ArrayList<>();
        StringBuilder message = new StringBuilder();
        for (String line : mbox.split("(?<=\n)", -1)) {
            if (line.startsWith("From ")) {
                messages.add(message.toString());
                message.setLength(0);
            } else {
                message.append(
                        line.startsWith(">") && line.replaceFirst("^>+", "").startsWith("From ")
                                ? line.substring(1)
                                : line);
            }
        }
        messages.add(message.toString());
        return messages;
    }

    /** Notes what a message in a mailbox proves; false if no letter stands in it whole. */
    private boolean take(String text) {
        Optional<Letter> letter = within(text);
        if (letter.isEmpty()) {
            return false;
        }
        if (isBounce(text)) {
            bounced(letter.get(), text);
        } else {
            int at = text.indexOf(DELIVERED_TO);
            if (at < 0) {
                return false;
            }
            String to = text.substring(at + DELIVERED_TO.length(), text.indexOf('\n', at));
            known.add(new Fate(letter.get().number(), to));
        }
        return true;
    }

    /** A bounce speaks first and quotes the letter then; what stands behind a letter may be pieces of another message. */
    private static boolean isBounce(String text) {
        int at = text.indexOf(BOUNCE);
        return at >= 0 && at < text.indexOf(Letter.HEADER);
    }

    private void bounced(Letter letter, String text) {
        for (String recipient : letter.recipients()) {
            if (text.contains("\n<" + recipient + ">:\n") || text.startsWith("<" + recipient + ">:\n")) {
                known.add(new Fate(letter.number(), recipient));
            }
        }
    }

    /** The letter whose whole text stands in a text. */
    private Optional<Letter> within(String text) {
        int at = text.indexOf(Letter.HEADER);
        if (at < 0) {
            return Optional.empty();
        }
        int end = text.indexOf('\n', at);
        String number = text.substring(at + Letter.HEADER.length(), Math.max(end, at + Letter.HEADER.length()));
        for (Letter letter : offered) {
            if (number.equals(Integer.toString(letter.number()))) {
                return text.startsWith(letter.text(), at) ? Optional.of(letter) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    // ---- the queue

    void lookInto(JournalQueue queue) {
        for (long number : queue.messages()) {
            try {
                lookAt(queue, number);
            } catch (IOException damaged) {
                // The queue knows that it is no message any more. If it was one that counted, its recipients are
                // missing.
            }
        }
    }

    private void lookAt(JournalQueue queue, long number) throws IOException {
        String text;
        try (var in = queue.content(number).open()) {
            text = Octets.text(in.readAllBytes());
        }
        Optional<Letter> letter = within(text);
        if (letter.isEmpty()) {
            torn.add("a torn message in the queue, number " + number);
        } else if (isBounce(text)) {
            bounced(letter.get(), text);
        } else {
            waiting(queue, number, letter.get());
        }
    }

    private void waiting(JournalQueue queue, long number, Letter letter) throws IOException {
        if (!queue.isRouted(number)) {
            Envelope envelope = queue.envelope(number);
            if (envelope.recipients() != letter.recipients().size()) {
                torn.add("message " + number + " has lost recipients");
            }
            letter.recipients().forEach(recipient -> known.add(new Fate(letter.number(), recipient)));
            return;
        }
        for (Channel channel : Channel.values()) {
            RecipientPage page = queue.recipients(number, channel, RecipientPage.START, Integer.MAX_VALUE);
            page.recipients().forEach(recipient -> known.add(new Fate(letter.number(), recipient.address())));
        }
        var bounce = queue.bounceText(number);
        if (bounce.isPresent()) {
            try (var in = bounce.get().open()) {
                bounced(letter, Octets.text(in.readAllBytes()));
            }
        }
    }
}
