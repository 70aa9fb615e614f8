package org.tawnymail.queue.salvage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.tawnymail.base.time.Date822;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.disk.DiskFile;
import org.tawnymail.queue.disk.FileFacts;
import org.tawnymail.queue.disk.ReadableParts;
import org.tawnymail.queue.journal.Damage;
import org.tawnymail.queue.journal.DamagedPlace;
import org.tawnymail.queue.journal.Journal;
import org.tawnymail.queue.journal.RecordFormat;
import org.tawnymail.queue.journal.SetAside;
import org.tawnymail.queue.messages.QueueRemains;
import org.tawnymail.queue.messages.Remains;
import org.tawnymail.queue.messages.Shelf;

/**
 * One salvage: every message of a queue that can be read, in whole or in part, becomes files on a shelf, and a line. First the
 * messages that the journal knows; then what lies in its damaged places, and in those of segments that were set aside; then
 * what the owner of the queue set aside itself; then what waits in the drop directory.
 */
final class Salvage {

    /** Fewer bytes are no message: its head alone has more. */
    private static final int LEAST = RecordFormat.BODY;

    private static final int BUFFER = 64 << 10;

    /** Names of what is left of messages. */
    private static final Pattern REMAINS = Pattern.compile("[0-9]{1,18}\\.(msg|damaged|env|env\\.damaged|bounce)");

    private final Disk disk;
    private final Path queue;
    private final Shelf shelf;
    private final UnaryOperator<String> asSubmitted;
    private final Consumer<String> report;

    private int messages;
    private int damaged;
    private int places;

    Salvage(Disk disk, Path queue, Shelf shelf, UnaryOperator<String> asSubmitted, Consumer<String> report) {
        this.disk = disk;
        this.queue = queue;
        this.shelf = shelf;
        this.asSubmitted = asSubmitted;
        this.report = report;
    }

    /** True if all that was found is whole. */
    boolean run() throws IOException {
        List<Damage> found = new ArrayList<>();
        try (QueueRemains remains = QueueRemains.look(disk, queue, asSubmitted, this::trouble, found::add)) {
            for (long number : remains.messages()) {
                salvage(remains, number);
            }
            for (Damage damage : found) {
                salvage(remains, damage);
            }
            for (Path segment : setAsideSegments()) {
                List<Damage> inIt = new ArrayList<>();
                DamagedPlace.find(disk, segment, inIt::add);
                for (Damage damage : inIt) {
                    salvage(remains, damage);
                }
            }
            copySetAside(remains);
        }
        DroppedMail dropped = new DroppedMail(disk, queue, shelf, report);
        dropped.salvage();
        messages += dropped.messages();
        damaged += dropped.damaged();
        report.accept((messages == 1 ? "1 message, " : messages + " messages, ") + damaged + " of them damaged; "
                + places + " damaged " + (places == 1 ? "place" : "places"));
        return damaged == 0 && places == 0;
    }

    /** A line about a file as a whole. */
    private void trouble(String line) {
        places++;
        report.accept(line);
    }

    private void salvage(QueueRemains remains, long number) throws IOException {
        Remains message;
        try {
            message = remains.of(number).write(shelf);
        } catch (Journal.Gone finishedMeanwhile) {
            return;
        }
        tell("msg " + number, message);
    }

    private void tell(String which, Remains message) {
        messages++;
        damaged += message.isWhole() ? 0 : 1;
        report.accept(which + ": " + Date822.of(message.birth()) + " from <" + printable(message.sender()) + ">: "
                + message.words());
    }

    static String printable(String address) {
        StringBuilder text = new StringBuilder(address.length());
        for (int i = 0; i < address.length(); i++) {
            char c = address.charAt(i);
            text.append(c >= ' ' && c <= '~' ? c : '_');
        }
        return text.toString();
    }

    /** What lies in a place that does not hold. One with a message that is known was salvaged with that message. */
    private void salvage(QueueRemains remains, Damage damage) throws IOException {
        places++;
        report.accept("queue: " + damage.line());
        if (damage.kind() == Damage.Kind.CONTENT) {
            return;
        }
        String segment = String.valueOf(damage.segment().getFileName());
        DamagedPlace.search(disk, damage, new DamagedPlace.Finder() {
            @Override
            public void message(int at, byte[] record) throws IOException {
                String name = segment + "." + at;
                tell(
                        name + ", the head of its record damaged",
                        remains.of(name, record).write(shelf));
            }

            @Override
            public void rest(int from, int to) throws IOException {
                copyRest(damage.segment(), segment + "." + from + ".damaged", from, to);
            }
        });
    }

    /** Bytes that make no sense, for somebody who may see one in them; too few for a message are left out. */
    private void copyRest(Path segment, String name, int from, int to) throws IOException {
        if (to - from < LEAST) {
            return;
        }
        try (DiskFile file = disk.read(segment)) {
            int end = (int) Math.min(to, file.size());
            if (isBlank(new ReadableParts(file), from, end)) {
                return;
            }
            copy(new ReadableParts(file), from, end, name);
        }
        report.accept(name + ": what lies there, as it is");
    }

    private static boolean isBlank(ReadableParts file, int from, int to) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int at = from; at < to; ) {
            int got = file.read(buffer, 0, Math.min(buffer.length, to - at), at);
            for (int i = 0; i < got; i++) {
                if (buffer[i] != 0) {
                    return false;
                }
            }
            if (got == 0) {
                break;
            }
            at += got;
        }
        return true;
    }

    private void copy(ReadableParts file, long from, long to, String name) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (OutputStream out = shelf.create(name)) {
            for (long at = from; at < to; ) {
                int got = file.read(buffer, 0, (int) Math.min(buffer.length, to - at), at);
                if (got == 0) {
                    break;
                }
                out.write(buffer, 0, got);
                at += got;
            }
        }
    }

    private List<String> namesSetAside() throws IOException {
        try {
            List<String> names = new ArrayList<>(disk.list(SetAside.in(queue)));
            names.sort(null);
            return names;
        } catch (NoSuchFileException nothing) {
            return List.of();
        }
    }

    private List<Path> setAsideSegments() throws IOException {
        return namesSetAside().stream()
                .filter(DamagedPlace::isSegment)
                .map(SetAside.in(queue)::resolve)
                .toList();
    }

    /** What the owner of the queue wrote out when it gave a message up, unless the message is in the journal still. */
    private void copySetAside(QueueRemains remains) throws IOException {
        Set<String> counted = new HashSet<>();
        for (String name : namesSetAside()) {
            Path file = SetAside.in(queue).resolve(name);
            if (DamagedPlace.isSegment(name) || name.startsWith(DroppedMail.SET_ASIDE)) {
                continue;
            }
            boolean isFile = disk.facts(file).map(FileFacts::isFile).orElse(false);
            String number = name.substring(0, Math.max(0, name.indexOf('.')));
            if (!isFile || !REMAINS.matcher(name).matches()) {
                report.accept(file + " was set aside, and is left there");
                continue;
            }
            if (remains.knows(Long.parseLong(number))) {
                continue;
            }
            if (counted.add(number)) {
                messages++;
                damaged++;
            }
            try (DiskFile opened = disk.read(file)) {
                copy(new ReadableParts(opened), 0, opened.size(), name);
            }
            report.accept(name + ": as it was set aside in " + file);
        }
    }
}
