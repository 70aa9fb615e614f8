package org.tawnymail.queue.adopt;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.disk.FileFacts;
import org.tawnymail.queue.messages.AdoptedEnvelope;
import org.tawnymail.queue.messages.AdoptedMessage;
import org.tawnymail.queue.messages.Provenance;

/**
 * The files of an old queue, by message. A message is <i>queued</i> if it has a {@code todo} file, whatever else it has:
 * qmail-send begins the preprocessing of such a message anew (core spec, section 1.8). It is <i>preprocessed</i> if it has an
 * {@code info} file and no {@code todo} file. Else it is nothing that was ever accepted.
 */
final class OldQueue {

    private final Disk disk;
    final OldDirectory mess;
    final OldDirectory todo;
    final OldDirectory info;
    private final OldDirectory intd;
    private final OldDirectory local;
    private final OldDirectory remote;
    private final OldDirectory bounce;

    OldQueue(Disk disk, Path queue) throws IOException {
        this.disk = disk;
        mess = new OldDirectory(disk, queue, "mess");
        todo = new OldDirectory(disk, queue, "todo");
        info = new OldDirectory(disk, queue, "info");
        intd = new OldDirectory(disk, queue, "intd");
        local = new OldDirectory(disk, queue, "local");
        remote = new OldDirectory(disk, queue, "remote");
        bounce = new OldDirectory(disk, queue, "bounce");
    }

    /** Whether there is anything of an old queue at all. */
    static boolean exists(Disk disk, Path queue) throws IOException {
        return disk.facts(queue.resolve("mess")).filter(FileFacts::isDirectory).isPresent();
    }

    /** Everything in which there may be files; {@code mess} first. */
    List<OldDirectory> directories() {
        return List.of(mess, todo, info, intd, local, remote, bounce);
    }

    boolean isQueued(long number) throws IOException {
        return todo.find(number).isPresent();
    }

    boolean isPreprocessed(long number) throws IOException {
        return info.find(number).isPresent() && !isQueued(number);
    }

    /** Which message it is; the number alone does not say it. */
    Optional<Provenance> provenance(long number) throws IOException {
        return mess.find(number)
                .map(file -> Provenance.of(
                        number, file.facts().modified(), file.facts().size()));
    }

    /**
     * Reads a message with everything that is known of it.
     *
     * @param now the birth of a message that is not preprocessed: for qmail-send it would be born now
     */
    void read(long number, Instant now, AdoptedMessage into) throws IOException, DamagedOldFile {
        for (OldDirectory directory : directories()) {
            directory.isThereOnce(number);
        }
        Optional<OldFile> waiting = todo.find(number);
        Optional<OldFile> either = waiting.isPresent() ? waiting : info.find(number);
        OldFile envelope = either.orElseThrow(() -> new DamagedOldFile("info/" + number, "it was removed meanwhile"));
        OldFile message =
                mess.find(number).orElseThrow(() -> new DamagedOldFile(envelope.label(), "its message is missing"));
        message.thatHoldsSomething();
        try (var in = disk.input(message.path())) {
            into.body(in);
        }
        Provenance provenance = Provenance.of(
                number, message.facts().modified(), message.facts().size());
        if (waiting.isPresent()) {
            readQueued(envelope, provenance, now, into);
        } else {
            readPreprocessed(envelope, provenance, into);
        }
    }

    private void readQueued(OldFile file, Provenance provenance, Instant now, AdoptedMessage into)
            throws IOException, DamagedOldFile {
        int uid = AdoptedEnvelope.UNKNOWN_UID;
        long qp = 0;
        boolean begun = false;
        try (OldRecords records = OldRecords.of(disk, file)) {
            while (records.next()) {
                switch (records.type()) {
                    case 'u' ->
                        uid = (int) ControlFiles.leadingDigits(records.text()).orElse(uid);
                    case 'p' -> qp = ControlFiles.leadingDigits(records.text()).orElse(qp);
                    case 'F' -> {
                        if (begun) {
                            throw records.damaged("it has two senders");
                        }
                        begun = true;
                        into.envelope(new AdoptedEnvelope(
                                provenance,
                                records.text(),
                                now,
                                uid,
                                qp,
                                false,
                                OptionalLong.empty(),
                                OptionalLong.empty()));
                    }
                    case 'T' -> {
                        if (!begun) {
                            throw records.damaged("it has a recipient before the sender");
                        }
                        into.recipient(records.text());
                    }
                    default -> throw records.unknownType();
                }
            }
            if (!begun) {
                throw records.damaged("it has no sender");
            }
        }
    }

    private void readPreprocessed(OldFile file, Provenance provenance, AdoptedMessage into)
            throws IOException, DamagedOldFile {
        Optional<OldFile> here = local.find(provenance.number());
        Optional<OldFile> there = remote.find(provenance.number());
        into.envelope(new AdoptedEnvelope(
                provenance,
                sender(file),
                file.facts().modified(),
                AdoptedEnvelope.UNKNOWN_UID,
                0,
                true,
                due(here),
                due(there)));
        if (here.isPresent()) {
            readRecipients(here.get(), Channel.LOCAL, into);
        }
        if (there.isPresent()) {
            readRecipients(there.get(), Channel.REMOTE, into);
        }
        Optional<OldFile> text = bounce.find(provenance.number());
        if (text.isPresent()) {
            // It may be empty after a crash; the sender is told all the same, as qmail-send does.
            try (var in = disk.input(text.get().path())) {
                into.bounceText(in);
            }
        }
    }

    /** qmail-send, too, looks at the first record only. */
    private String sender(OldFile file) throws IOException, DamagedOldFile {
        try (OldRecords records = OldRecords.of(disk, file)) {
            if (!records.next() || records.type() != 'F') {
                throw records.damaged("it does not begin with a sender");
            }
            return records.text();
        }
    }

    /** The file's time of change is when qmail-send would have tried again (core spec, section 4.7). */
    private static OptionalLong due(Optional<OldFile> file) {
        return file.isPresent()
                ? OptionalLong.of(file.get().facts().modified().getEpochSecond())
                : OptionalLong.empty();
    }

    private void readRecipients(OldFile file, Channel channel, AdoptedMessage into) throws IOException, DamagedOldFile {
        try (OldRecords records = OldRecords.of(disk, file)) {
            while (records.next()) {
                switch (records.type()) {
                    case 'T' -> into.recipient(channel, records.text(), false);
                    case 'D' -> into.recipient(channel, records.text(), true);
                    default -> throw records.unknownType();
                }
            }
        }
    }

    /**
     * Removes all files of some messages that are safe elsewhere, durably and in an order in which an old qmail-send that was
     * started in between would deliver none of them: without {@code info} and {@code todo} it knows of no message, with
     * {@code todo} alone of a whole one. The message itself goes last, because it says which message the others belong to,
     * and keeps its number from being used again.
     */
    void remove(List<Long> numbers) throws IOException {
        removeFrom(List.of(info), numbers);
        removeFrom(List.of(todo), numbers);
        removeFrom(List.of(local, remote, bounce, intd), numbers);
        removeFrom(List.of(mess), numbers);
    }

    private void removeFrom(List<OldDirectory> directories, List<Long> numbers) throws IOException {
        Set<Path> touched = new HashSet<>();
        for (OldDirectory directory : directories) {
            for (long number : numbers) {
                directory.delete(number, touched);
            }
        }
        for (Path directory : touched) {
            disk.forceDirectory(directory);
        }
    }
}
