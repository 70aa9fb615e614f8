package org.tawnymail.queue.messages;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Routing;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.disk.SimulatedDisk;
import org.tawnymail.queue.journal.JournalLimits;
import org.tawnymail.queue.journal.JournalSpots;
import org.tawnymail.queue.journal.JournalSpots.Spot;
import org.tawnymail.queue.journal.RecordFormat;

/**
 * A queue with mail in every state, as a process leaves it that is killed: several segments, sealed and not, one that is kept
 * to be written again; messages that are new, routed, done in part, failed in part, finished, moved, adopted, and large ones
 * with files of their own.
 */
public final class MixedQueue {

    public static final Path QUEUE = Path.of("/home/queue");
    public static final Path JOURNAL = QUEUE.resolve("journal");
    public static final Path LARGE = QUEUE.resolve("large");
    public static final Instant NOW = Instant.parse("2025-03-07T09:04:05Z");

    private static final int MOST_ROUNDS = 1000;

    public static final QueueOptions OPTIONS =
            new QueueOptions(new JournalLimits(4 << 10, 4 << 10, 1), 1500, 1, Long.MAX_VALUE, 42, List.of());

    /** One message that is not finished. */
    public static final class Mail {
        public final String text;
        public final String sender;
        public final List<String> recipients;
        public final Set<Integer> done = new TreeSet<>();
        public final Map<Integer, String> failed = new TreeMap<>();

        Mail(String text, String sender, List<String> recipients) {
            this.text = text;
            this.sender = sender;
            this.recipients = recipients;
        }
    }

    public final Map<Long, Mail> living = new TreeMap<>();

    /** The texts of all messages that were ever in it. */
    public final Set<String> texts = new HashSet<>();

    /** The highest number that was given out. */
    public final long highest;

    /** The disk as the killed process left it. */
    public final SimulatedDisk disk;

    private final List<String> log = new ArrayList<>();

    public static JournalQueue open(Disk disk, Consumer<String> log) throws IOException {
        return JournalQueue.open(QUEUE, OPTIONS, InstantSource.fixed(NOW), disk, new SplittableRandom(1), log);
    }

    public static Routing decide(String address) {
        return new Routing(address.endsWith("@far") ? Channel.REMOTE : Channel.LOCAL, address);
    }

    public MixedQueue() throws IOException {
        SimulatedDisk made = new SimulatedDisk();
        try (JournalQueue queue = open(made, log::add)) {
            adopt(queue);
            mailInEveryState(queue);
            mailToMany(queue);
            move(made, queue);
        }
        try (JournalQueue queue = open(made, log::add)) {
            mailInEveryState(queue);
            mailInEveryState(queue);
            mailInEveryState(queue);
        }
        JournalQueue queue = open(made, log::add);
        mailInEveryState(queue);
        highest = lastOne(made, queue);
        disk = made.copy();
        queue.close();
        if (!log.isEmpty()) {
            throw new AssertionError(log);
        }
    }

    /** Who has not got a message, and will not be told of in its bounce. */
    public static List<String> left(Mail mail) {
        List<String> left = new ArrayList<>();
        for (int i = 0; i < mail.recipients.size(); i++) {
            if (!mail.done.contains(i) && !mail.failed.containsKey(i)) {
                left.add(mail.recipients.get(i));
            }
        }
        return left;
    }

    private void adopt(JournalQueue queue) throws IOException {
        Adoption adoption = queue.adoption();
        long number;
        try (AdoptedMessage message = adoption.begin()) {
            message.body(new ByteArrayInputStream(Octets.of("Received: old\n\nan old message\n")));
            message.envelope(new AdoptedEnvelope(
                    new Provenance(77, 1, 30),
                    "old@there",
                    NOW,
                    7,
                    99,
                    true,
                    OptionalLong.empty(),
                    OptionalLong.of(5)));
            message.recipient(Channel.LOCAL, "done@here", true);
            message.recipient(Channel.REMOTE, "open@far", false);
            message.bounceText(new ByteArrayInputStream(Octets.of("<gone@far>:\nno\n\n")));
            message.commit();
        }
        adoption.settle();
        adoption.cleaned();
        adoption.end();
        number = queue.messages().getLast();
        Mail mail = new Mail("Received: old\n\nan old message\n", "old@there", List.of("done@here", "open@far"));
        mail.done.add(0);
        texts.add(mail.text);
        living.put(number, mail);
    }

    private long submit(JournalQueue queue, String text, List<String> recipients) throws IOException {
        try (Submission submission = queue.begin(Origin.USER)) {
            submission.message().write(Octets.of(text));
            long number = ((QueueResult.Accepted) submission.commit("joe@corp", recipients)).qp();
            String received = "Received: (qmail " + number + " invoked by uid 42); 7 Mar 2025 09:04:05 -0000\n";
            texts.add(received + text);
            living.put(number, new Mail(received + text, "joe@corp", recipients));
            return number;
        }
    }

    private void mailInEveryState(JournalQueue queue) throws IOException {
        List<String> three = List.of("ann@here", "bob@far", "eve@far");
        List<Long> all = new ArrayList<>();
        all.add(submit(queue, "not routed\n", three));
        for (int i = 0; i < 4; i++) {
            all.add(submit(queue, "message " + i + "\n" + "x".repeat(i * 130) + "\n", three));
            queue.route(all.getLast(), MixedQueue::decide);
        }
        done(queue, all.get(2), 0);
        failed(queue, all.get(3), 0, "<ann@here>:\nno mailbox\n\n");
        failed(queue, all.get(3), 1, "<bob@far>:\nno host\n\n");
        queue.due(all.get(3), Channel.REMOTE, NOW);
        done(queue, all.get(4), 0);
        done(queue, all.get(4), 1);
        done(queue, all.get(4), 2);
        finish(queue, all.get(4));
        all.add(submit(queue, "a large one\n" + "y".repeat(2000) + "\n", three));
        queue.route(all.getLast(), MixedQueue::decide);
        done(queue, all.getLast(), 1);
        submit(queue, "no recipients\n", List.of());
    }

    private void mailToMany(JournalQueue queue) throws IOException {
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 3300; i++) {
            many.add("recipient-" + i + "@list.far");
        }
        submit(queue, "to many\n", many);
    }

    private void done(JournalQueue queue, long number, int recipient) throws IOException {
        queue.done(number, recipient);
        mail(number).done.add(recipient);
    }

    private void failed(JournalQueue queue, long number, int recipient, String text) throws IOException {
        queue.failed(number, recipient, text);
        mail(number).failed.put(recipient, text);
    }

    private Mail mail(long number) {
        return Objects.requireNonNull(living.get(number));
    }

    private void finish(JournalQueue queue, long number) throws IOException {
        queue.finish(number);
        living.remove(number);
    }

    /** Mail flows through until a message of which little else is left in its segment has been written anew elsewhere. */
    private void move(SimulatedDisk made, JournalQueue queue) throws IOException {
        pass(queue, 6);
        long moved = submit(queue, "the one that is moved\n", List.of("ann@here", "bob@far", "eve@far"));
        queue.route(moved, MixedQueue::decide);
        done(queue, moved, 2);
        failed(queue, moved, 0, "<ann@here>:\nno mailbox\n\n");
        pass(queue, 6);
        String before = segmentOf(made, moved);
        for (int round = 0; segmentOf(made, moved).equals(before); round++) {
            if (round > MOST_ROUNDS) {
                throw new AssertionError("it is not moved");
            }
            pass(queue, 1);
            queue.clean();
        }
        failed(queue, moved, 1, "<bob@far>:\nno host, told late\n\n");
    }

    /** Ends with a message that is the last, while a segment is kept to be written again. */
    private long lastOne(SimulatedDisk made, JournalQueue queue) throws IOException {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            long last = submit(queue, "the last one\n", List.of("ann@here"));
            awaitProof(made);
            if (made.list(JOURNAL).stream().anyMatch(name -> name.startsWith("spare."))) {
                return last;
            }
            pass(queue, 1);
            queue.clean();
        }
        throw new AssertionError("no segment is kept");
    }

    private void pass(JournalQueue queue, int messages) throws IOException {
        for (int i = 0; i < messages; i++) {
            long number = submit(queue, "passing by\n" + "z".repeat(900) + "\n", List.of("ann@here"));
            queue.route(number, MixedQueue::decide);
            done(queue, number, 0);
            finish(queue, number);
        }
    }

    /** The segments with a message's own record. */
    private static String segmentOf(SimulatedDisk disk, long number) throws IOException {
        StringBuilder found = new StringBuilder();
        for (Path segment : segments(disk)) {
            for (Spot spot : spots(disk, segment)) {
                if (spot.type() == RecordFormat.ACCEPTED && spot.message() == number) {
                    found.append(segment);
                }
            }
        }
        return found.toString();
    }

    /** The journal says itself that everything was forced, once the writer has come to the end of its round. */
    private static void awaitProof(SimulatedDisk disk) throws IOException {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (System.nanoTime() < deadline) {
            List<Path> segments = segments(disk);
            List<Spot> last = spots(disk, segments.getLast());
            List<Spot> before = spots(disk, segments.get(segments.size() - 2));
            // The last one is prepared, and empty.
            if (last.isEmpty() && !before.isEmpty() && before.getLast().isProof()) {
                return;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("no proof within ten seconds");
    }

    /** The records of a segment. */
    public static List<Spot> spots(SimulatedDisk disk, Path segment) throws IOException {
        return JournalSpots.of(segment, disk.bytes(segment));
    }

    /** The segments, oldest first. */
    public static List<Path> segments(SimulatedDisk disk) throws IOException {
        return disk.list(JOURNAL).stream()
                .filter(name -> Character.isDigit(name.charAt(0)))
                .sorted()
                .map(JOURNAL::resolve)
                .toList();
    }

    /** Which bytes of which file are a message's own: its record, its files. */
    public Map<Path, List<long[]>> ownBytes(long number) throws IOException {
        Map<Path, List<long[]>> own = new HashMap<>();
        for (Path segment : segments(disk)) {
            for (Spot spot : spots(disk, segment)) {
                if (spot.type() == RecordFormat.ACCEPTED && spot.message() == number) {
                    own.computeIfAbsent(segment, none -> new ArrayList<>()).add(new long[] {spot.at(), spot.end()});
                }
            }
        }
        for (String name : List.of(number + "", number + ".to")) {
            if (disk.list(LARGE).contains(name)) {
                own.computeIfAbsent(LARGE.resolve(name), none -> new ArrayList<>())
                        .add(new long[] {0, disk.bytes(LARGE.resolve(name)).length});
            }
        }
        return own;
    }
}
