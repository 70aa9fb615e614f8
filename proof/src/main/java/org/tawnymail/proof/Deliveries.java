package org.tawnymail.proof;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.Outcome;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.SeekableInput;
import org.tawnymail.local.mailbox.MailboxFlush;
import org.tawnymail.local.mailbox.Maildir;
import org.tawnymail.local.mailbox.MaildirNames;
import org.tawnymail.local.mailbox.Mbox;
import org.tawnymail.local.mailbox.MessageBytes;
import org.tawnymail.proof.disk.DiskOfProcess;

/**
 * What becomes of each recipient, by the name: most have a Maildir or an mbox, some are put off once, a few times or always,
 * some do not exist. Local deliveries are the real ones, on the simulated disk.
 */
final class Deliveries {

    private static final String FROM = "From someone Fri Mar 07 09:04:05 2025\n";
    private static final int A_FEW_TIMES = 3;

    private final DiskOfProcess disk;
    private final History history;
    private final Maildir maildir;
    private final Mbox mbox;

    /** How often a recipient of a letter was tried. */
    private final Map<String, Integer> tries = new ConcurrentHashMap<>();

    Deliveries(
            DiskOfProcess disk,
            MailboxFlush flush,
            History history,
            InstantSource clock,
            long number,
            Consumer<String> log) {
        this.disk = disk;
        this.history = history;
        this.maildir = new Maildir(disk.mailboxes(), flush, new MaildirNames(clock, number, "host"), log);
        this.mbox = new Mbox(disk.mailboxes(), flush, log);
    }

    /** A delivery to a mailbox here. */
    Outcome local(MessageSource message, String sender, String recipient) {
        String name = recipient.substring(0, recipient.lastIndexOf('@'));
        if (name.startsWith("nobody")) {
            return new Outcome.Failed("Sorry, no mailbox here by that name. (#5.1.1)\n");
        }
        try (SeekableInput opened = message.open()) {
            MessageBytes bytes = MessageBytes.of(message, opened);
            if (isPutOff(message, recipient)) {
                return new Outcome.Deferred("not yet\n");
            }
            byte[] head = Octets.of("Return-Path: <" + sender + ">\nDelivered-To: " + recipient + "\n");
            if (name.startsWith("mbox")) {
                mbox.deliver("./" + name, one(Scenario.MBOXES, name), withFromLine(head), bytes);
            } else {
                maildir.deliver(one(Scenario.MAILDIRS, name), head, bytes);
            }
            return new Outcome.Delivered("did 1+0+0\n");
        } catch (Complaint deferred) {
            return new Outcome.Deferred(deferred.line() + "\n");
        } catch (IOException unreadable) {
            return new Outcome.Deferred("unable to open message\n");
        }
    }

    /** The other host: what it has taken it keeps. */
    Outcome remote(MessageSource message, String recipient) {
        if (recipient.startsWith("gone")) {
            return new Outcome.Failed("192.0.2.1 does not like recipient.\n");
        }
        try {
            if (isPutOff(message, recipient)) {
                return new Outcome.Deferred("Connected to 192.0.2.1 but greeting failed.\n");
            }
            Optional<Reading> taken = Reading.ofQueued(text(message), history.letters());
            // A torn message is no message: its recipient will be missed.
            taken.ifPresent(reading -> disk.whileItLives(() -> history.handOver(
                    reading.isBounce()
                            ? reading
                            : new Reading(reading.letter(), false, List.of(recipient), reading.rest()))));
            return new Outcome.Delivered("192.0.2.1 accepted message.\n");
        } catch (IOException unreadable) {
            return new Outcome.Deferred("unable to open message\n");
        }
    }

    private boolean isPutOff(MessageSource message, String recipient) throws IOException {
        int most = recipient.startsWith("late") || recipient.startsWith("busy")
                ? 1
                : recipient.startsWith("slow") ? A_FEW_TIMES : recipient.startsWith("never") ? Integer.MAX_VALUE : 0;
        return most > 0 && tries.merge(recipient + text(message), 1, Integer::sum) <= most;
    }

    private static <T> T one(List<T> several, String name) {
        return several.get(Math.floorMod(name.hashCode(), several.size()));
    }

    private static byte[] withFromLine(byte[] head) {
        return Octets.of(FROM + Octets.text(head));
    }

    private static String text(MessageSource message) throws IOException {
        try (var in = message.open()) {
            return Octets.text(in.readAllBytes());
        }
    }
}
