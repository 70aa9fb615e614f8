package org.tawnymail.proof;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Octets;
import org.tawnymail.proof.disk.DiskState;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.RecipientPage;
import org.tawnymail.queue.Routing;
import org.tawnymail.queue.messages.JournalQueue;

/**
 * Where each letter is: for every recipient, whether the queue has it still, or a mailbox has it whole, or a bounce speaks
 * of it. What should not be there is noted wherever a reader or a recipient would meet it.
 */
final class Evidence {

    private final Promises promises;
    private final Set<Fate> known = new HashSet<>();
    private final Map<Fate, Integer> copies = new HashMap<>();
    private final List<String> faults = new ArrayList<>();

    /** Begins with what other hosts have taken. */
    Evidence(Promises promises) {
        this.promises = promises;
        for (History.HandedOver taken : promises.handedOver()) {
            for (String recipient : taken.recipients()) {
                note(taken.letter(), recipient, !taken.isBounce());
            }
        }
    }

    private void note(int letter, String recipient, boolean isCopy) {
        Fate fate = new Fate(letter, recipient);
        known.add(fate);
        if (isCopy) {
            copies.merge(fate, 1, Integer::sum);
        }
    }

    private void note(Reading reading) {
        reading.recipients().forEach(recipient -> note(reading.letter().number(), recipient, !reading.isBounce()));
    }

    void lookInto(DiskState disk, Mailboxes mailboxes) {
        for (Path maildir : Scenario.MAILDIRS) {
            mailboxes.maildir(disk, maildir).forEach((file, contents) -> {
                contents.readings().forEach(this::note);
                if (contents.tornPieces() > 0) {
                    faults.add("a torn message in " + file);
                }
            });
        }
        for (Path mbox : Scenario.MBOXES) {
            Mailboxes.Contents contents = mailboxes.mbox(disk, mbox);
            contents.readings().forEach(this::note);
            if (contents.tornPieces() > promises.mostTornPieces()) {
                faults.add(contents.tornPieces() + " torn pieces in " + mbox);
            }
        }
    }

    // ---- the queue

    void lookInto(JournalQueue queue) {
        for (long number : queue.messages()) {
            try {
                lookAt(queue, number);
            } catch (IOException unreadable) {
                faults.add("message " + number + " cannot be read: " + unreadable.getMessage());
            }
        }
    }

    private void lookAt(JournalQueue queue, long number) throws IOException {
        Optional<Reading> reading = Reading.ofQueued(text(queue.content(number)), promises.letters());
        if (reading.isEmpty() || !reading.get().rest().isEmpty()) {
            faults.add("a torn message in the queue, number " + number);
        } else {
            lookAt(queue, number, reading.get());
        }
    }

    /** A message in the queue proves something of those whom it still has to reach, or whose failure it has to tell of. */
    private void lookAt(JournalQueue queue, long number, Reading reading) throws IOException {
        Letter letter = reading.letter();
        if (!queue.isRouted(number)) {
            // Only routing reads the recipients as they were submitted.
            List<String> addresses = new ArrayList<>();
            queue.route(number, address -> {
                addresses.add(address);
                return new Routing(Channel.LOCAL, address);
            });
            if (!reading.isBounce() && !addresses.equals(letter.recipients())) {
                faults.add("message " + number + " has other recipients than letter " + letter.number());
            }
        }
        if (!reading.isBounce() && !queue.envelope(number).sender().equals(letter.sender())) {
            faults.add("message " + number + " has another sender than letter " + letter.number());
        }
        List<String> waiting = waiting(queue, number);
        Optional<MessageSource> failures = queue.bounceText(number);
        if (reading.isBounce()) {
            if (!waiting.isEmpty() || failures.isPresent()) {
                note(reading);
            }
            return;
        }
        waiting.forEach(recipient -> note(letter.number(), recipient, false));
        if (failures.isPresent()) {
            Reading.named(letter, text(failures.get())).forEach(recipient -> note(letter.number(), recipient, false));
        }
    }

    private static List<String> waiting(JournalQueue queue, long number) throws IOException {
        List<String> waiting = new ArrayList<>();
        for (Channel channel : Channel.values()) {
            RecipientPage page = queue.recipients(number, channel, RecipientPage.START, Integer.MAX_VALUE);
            page.recipients().forEach(recipient -> waiting.add(recipient.address()));
        }
        return waiting;
    }

    private static String text(MessageSource source) throws IOException {
        byte[] bytes = new byte[(int) source.size()];
        try (var in = source.open()) {
            in.readNBytes(bytes, 0, bytes.length);
        }
        return Octets.text(bytes);
    }

    // ---- the verdict

    /** Everything that is not as it was promised. */
    List<String> verdict() {
        List<String> verdict = new ArrayList<>(promises.broken());
        verdict.addAll(faults);
        for (Letter letter : promises.letters()) {
            for (String recipient : promises.isAccepted(letter) ? letter.recipients() : List.<String>of()) {
                if (!known.contains(new Fate(letter.number(), recipient))) {
                    verdict.add("letter " + letter.number() + " for " + recipient + " is lost");
                }
            }
        }
        copies.forEach((fate, count) -> {
            if (count > promises.mostCopies()) {
                verdict.add("letter " + fate.letter() + " came to " + fate.recipient() + " " + count + " times");
            }
        });
        return verdict;
    }
}
