package org.tawnymail.proof;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.tawnymail.base.control.Home;
import org.tawnymail.proof.disk.DiskChange;
import org.tawnymail.proof.disk.DiskOfProcess;
import org.tawnymail.proof.disk.DiskState;
import org.tawnymail.proof.disk.Fault;
import org.tawnymail.proof.disk.RecordingDisk;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.adopt.QueueAdoption;
import org.tawnymail.queue.door.DropDirectory;
import org.tawnymail.queue.messages.JournalQueue;

/**
 * Some dozen messages through a mail system: submitted or dropped, delivered to Maildirs and mboxes, handed to another host,
 * put off, tried again, bounced, finished; the journal is cleaned and the system restarted in between, in an orderly way or
 * after kill -9; sometimes it begins with the queue of an old qmail, and sometimes the disk fails. What happens is decided by
 * a seed; only the order of what happens at the same moment is not.
 */
final class Scenario {

    static final Path HOME = Path.of("/home");
    static final Path QUEUE = HOME.resolve("queue");
    static final Path USERS = HOME.resolve("users");
    static final List<Path> MAILDIRS = List.of(USERS.resolve("a"), USERS.resolve("b"));
    static final List<Path> MBOXES = List.of(USERS.resolve("mbox"), USERS.resolve("mbox2"));
    static final RecordingDisk.Layout LAYOUT = new RecordingDisk.Layout(QUEUE, USERS);

    /** After this long every message has been tried for the last time: a week, and what the schedule adds. */
    private static final Duration A_LONG_TIME = Duration.ofDays(9);

    /** Real time until mail that is tried again and again has come to its end; some milliseconds are the rule. */
    private static final Duration LONGEST_FINISH = Duration.ofSeconds(60);

    private static final int ADOPTS_ONE_IN = 8;
    private static final int KILLED_ONE_IN = 3;

    /** The last of them on a disk that does not fail. */
    static final int MOST_STARTS = 4;

    private final Home controls;
    private final Mistake mistake;
    private final RandomGenerator random;
    private final SteppedClock clock = new SteppedClock();
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final Letters letters;
    private final RecordingDisk disk;
    private final History history;
    private int prepared;
    private int unfinished;

    /**
     * @param state what is on the disk
     * @param before the letters that there were before
     */
    private Scenario(
            Home controls,
            Mistake mistake,
            RandomGenerator random,
            DiskState state,
            List<Fault> faults,
            List<Letter> before) {
        this.controls = controls;
        this.mistake = mistake;
        this.random = random;
        this.disk = new RecordingDisk(state, LAYOUT, faults, mistake.lies());
        this.history = new History(disk::operations);
        before.forEach(history::offer);
        this.letters = new Letters(random, before.size());
    }

    /** A disk before all mail: with mailboxes, and without a queue. */
    static DiskState emptyDisk() {
        List<Path> directories = new ArrayList<>(List.of(HOME, USERS));
        for (Path maildir : MAILDIRS) {
            directories.add(maildir);
            List.of("tmp", "new", "cur").forEach(name -> directories.add(maildir.resolve(name)));
        }
        return DiskState.of(directories);
    }

    /** Runs a whole scenario on an empty disk, which fails as the seed has it. */
    static Recording run(Home controls, Mistake mistake, long seed) throws IOException {
        return run(controls, mistake, seed, Faults.draw(new SplittableRandom(~seed)));
    }

    /** Runs a whole scenario on an empty disk, which fails as it is told to. */
    static Recording run(Home controls, Mistake mistake, long seed, List<Fault> faults) throws IOException {
        RandomGenerator random = new SplittableRandom(seed);
        DiskState state = emptyDisk();
        boolean adopts = random.nextInt(ADOPTS_ONE_IN) == 0;
        List<DiskChange> first = new ArrayList<>(List.of(new DiskChange.MakeDirectory(QUEUE)));
        List<Letter> old = List.of();
        if (adopts) {
            OldMail mail = new OldMail(random);
            first.addAll(mail.changes());
            old = mail.letters();
        }
        Scenario scenario = new Scenario(controls, mistake, random, state, faults, old);
        return adopts ? scenario.runAdopting(first, old) : scenario.runStarts();
    }

    /** Runs what a loss of power has left to its end, on its disk, with some new mail. */
    static Recording goOn(Home controls, Mistake mistake, DiskState left, List<Letter> before, long seed)
            throws IOException {
        Scenario scenario = new Scenario(controls, mistake, new SplittableRandom(seed), left, List.of(), before);
        DiskOfProcess process = scenario.disk.process();
        DeliveryWatch watch = new DeliveryWatch();
        if (QueueAdoption.isThere(process, QUEUE)) {
            if (scenario.random.nextBoolean()) {
                // What was taken in so far may be delivered before the rest is.
                try (Mailer mailer = scenario.open(process, watch)) {
                    watch.awaitQuiet();
                    mailer.clean();
                }
            }
            scenario.adopt(process);
        }
        try (Mailer mailer = scenario.open(process, watch)) {
            for (int i = scenario.random.nextInt(3); i > 0; i--) {
                mailer.submit(scenario.letters.next());
            }
            scenario.finish(mailer, watch);
        }
        return scenario.recording(1);
    }

    private Recording runAdopting(List<DiskChange> first, List<Letter> old) throws IOException {
        disk.prepare(first);
        prepared = disk.operations();
        old.forEach(letter -> history.accept(letter, 0));
        DiskOfProcess process = disk.process();
        mayBeKilled(process);
        adoptOrBeKilled(process);
        if (process.isKilled()) {
            history.killed();
            adoptOrBeKilled(disk.process());
        }
        return runStarts();
    }

    private void adoptOrBeKilled(DiskOfProcess process) throws IOException {
        try {
            adopt(process);
        } catch (IOException trouble) {
            orderly(process, trouble);
        }
    }

    private void adopt(DiskOfProcess process) throws IOException {
        JournalQueue queue = Mailer.openQueue(process, clock, random, log::add);
        try (queue) {
            QueueAdoption.run(process, QUEUE, queue.adoption(), clock, new QueueAdoption.Report() {
                @Override
                public void left(String file, String why) {
                    log.add(file + " is left: " + why);
                }

                @Override
                public void progress(long taken) {}
            });
        }
    }

    /** Trouble is as it should be where the disk fails or the process was killed. */
    private void orderly(DiskOfProcess process, IOException trouble) throws IOException {
        if (!process.isKilled() && disk.hits().isEmpty()) {
            throw trouble;
        }
        log.add(String.valueOf(trouble.getMessage()));
    }

    private Recording runStarts() throws IOException {
        int starts = random.nextInt(2, MOST_STARTS + 1);
        for (int start = 1; start <= starts; start++) {
            boolean last = start == starts;
            if (last) {
                // A disk that stays full for a week makes mail bounce, and bounces too: no loss, and nothing to prove.
                disk.mend();
            }
            if (random.nextInt(3) == 0) {
                drop();
            }
            disk.beginStart();
            if (last && QueueAdoption.isThere(disk.process(), QUEUE)) {
                adopt(disk.process());
            }
            DiskOfProcess process = disk.process();
            if (!last) {
                mayBeKilled(process);
            }
            run(process, last);
        }
        return recording(starts);
    }

    private void mayBeKilled(DiskOfProcess process) {
        if (random.nextInt(KILLED_ONE_IN) == 0) {
            List<Path> places = new ArrayList<>(MBOXES);
            places.addAll(List.of(HOME, USERS, QUEUE.resolve("journal"), QUEUE.resolve("large")));
            Path place = places.get(random.nextInt(places.size()));
            // What is seldom changed is looked at while it is.
            boolean isBusy = place.equals(HOME) || place.endsWith("journal");
            process.killAfter(place, isBusy ? random.nextInt(10, 200) : random.nextInt(1, 12));
        }
    }

    private void run(DiskOfProcess process, boolean last) throws IOException {
        DeliveryWatch watch = new DeliveryWatch();
        try (Mailer mailer = open(process, watch)) {
            int steps = random.nextInt(4) == 0 ? random.nextInt(6, 14) : random.nextInt(2, 6);
            for (int step = 0; step < steps && !process.isKilled(); step++) {
                step(mailer, watch);
            }
            if (last) {
                finish(mailer, watch);
            }
        } catch (IOException trouble) {
            orderly(process, trouble);
        }
        if (process.isKilled()) {
            history.killed();
        }
    }

    /** The number of a process is one of very many, as if time had passed: it keeps the names in Maildirs apart. */
    private Mailer open(DiskOfProcess process, DeliveryWatch watch) throws IOException {
        Mailer.Surroundings around = new Mailer.Surroundings(controls, mistake, clock, random, log::add);
        return new Mailer(around, process, history, random.nextLong(Long.MAX_VALUE), watch);
    }

    private void step(Mailer mailer, DeliveryWatch watch) {
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3, 4, 5 -> {
                List<Letter> some = new ArrayList<>();
                for (int i = random.nextInt(1, 4); i > 0; i--) {
                    some.add(letters.next());
                }
                if (random.nextInt(3) == 0) {
                    mailer.submitTogether(some);
                } else {
                    some.forEach(mailer::submit);
                }
                if (random.nextBoolean()) {
                    watch.awaitQuiet();
                }
            }
            case 6 -> {
                clock.advance(Duration.ofSeconds(random.nextInt(1, 2000)));
                mailer.send().alarm();
                watch.awaitQuiet();
            }
            case 7 -> {
                drop();
                mailer.takeIn();
            }
            default -> mailer.clean();
        }
    }

    /** Another process finds no owner of the queue, and leaves its letter in the drop directory. */
    private void drop() {
        DropDirectory drop = new DropDirectory(disk.process(), QUEUE, () -> random);
        Letter letter = letters.next();
        history.offer(letter);
        if (Mailer.submit(letter, drop) instanceof QueueResult.Accepted) {
            history.accept(letter, 0);
        }
    }

    private void finish(Mailer mailer, DeliveryWatch watch) {
        mailer.takeIn();
        long end = System.nanoTime() + LONGEST_FINISH.toNanos();
        while (mailer.waiting() > 0 && System.nanoTime() < end) {
            watch.awaitQuiet();
            clock.advance(A_LONG_TIME.dividedBy(4));
            mailer.send().alarm();
            watch.awaitQuiet();
        }
        unfinished = mailer.waiting();
        mailer.clean();
    }

    private Recording recording(int starts) {
        int repeats = disk.hits().isEmpty() ? 0 : starts + disk.failures();
        return new Recording(
                disk.changes(),
                prepared,
                history.letters(),
                history.events(),
                disk.hits(),
                repeats,
                // Else a delivery that fails cuts off what it has written.
                disk.failures(Fault.Kind.TRUNCATE),
                unfinished);
    }
}
