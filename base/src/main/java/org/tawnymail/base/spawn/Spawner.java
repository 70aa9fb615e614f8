package org.tawnymail.base.spawn;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Outcome;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.ExitCode;

/**
 * A spawner: reads commands on descriptor 0, makes up to {@value #CAPACITY} deliveries at one time, each on a virtual
 * thread, and writes their reports to descriptor 1 in the order of their ends (core spec, section 5.1).
 *
 * <p>Its words are byte for byte those of qmail's spawners. When the commands end, it waits for the deliveries under way and
 * ends. Reports that nobody reads any more are lost, as the deliveries then are for qmail-send, which makes them again.
 */
public final class Spawner {

    /** How many deliveries at one time; the first byte on descriptor 1 says so. */
    public static final int CAPACITY = 120;

    /** What makes deliveries. Called by many threads. */
    @FunctionalInterface
    public interface Delivery {

        /**
         * Makes one attempt for one recipient, and returns when its outcome is known. Never throws for anything that can happen
         * to mail.
         *
         * @param message what is opened here is an open file, and surely a message of the queue
         * @param recipient has an {@code @}
         */
        Outcome attempt(MessageSource message, String sender, String recipient);
    }

    private final Home home;
    private final Delivery delivery;
    private final String crashed;

    /**
     * @param home its {@code queue/mess} holds the messages, which belong to the owner of {@code queue}
     * @param crashed the report of a delivery that ended by a defect, such as {@code qmail-local crashed.}
     */
    public Spawner(Home home, Delivery delivery, String crashed) {
        this.home = home;
        this.delivery = delivery;
        this.crashed = crashed;
    }

    /** Runs until the commands end and all deliveries have. */
    public int run(Call call) throws IOException {
        if (!Files.isDirectory(home.path())) {
            return ExitCode.TEMPORARY;
        }
        Slots slots = new Slots(call);
        slots.announce();
        CommandReader commands = new CommandReader(call.stdin());
        try {
            for (Optional<CommandReader.Read> read = commands.next(); read.isPresent(); read = commands.next()) {
                slots.take(read.get().command(), read.get().isWhole());
            }
        } catch (IOException broken) {
            // Whoever commands here is gone, one way or the other.
        }
        slots.awaitAll();
        return ExitCode.SUCCESS;
    }

    /** What is under way, and who hears of it. */
    private final class Slots {

        private final Call call;
        private final OutputStream out;
        private final ReentrantLock lock = new ReentrantLock();
        private final boolean[] taken = new boolean[CAPACITY];
        private final Semaphore free = new Semaphore(CAPACITY);
        private boolean nobodyListens;

        Slots(Call call) throws IOException {
            this.call = call;
            this.out = call.stdout();
        }

        void announce() {
            write(new byte[] {CAPACITY});
        }

        void take(SpawnCommand command, boolean isWhole) {
            Optional<Outcome> refusal = refusal(command, isWhole);
            if (refusal.isPresent()) {
                write(new SpawnReport(command.slot(), refusal.get()).octets());
                return;
            }
            MessageSource message;
            try {
                message = SpawnedMessage.of(home.queue(), command.message());
            } catch (SpawnedMessage.Refused refused) {
                write(new SpawnReport(command.slot(), refused.outcome()).octets());
                return;
            }
            start(command, message);
        }

        /** The checks of section 5.1 that need no look at the file, in its order. */
        private Optional<Outcome> refusal(SpawnCommand command, boolean isWhole) {
            if (!isWhole) {
                return deferred("qmail-spawn out of memory. (#4.3.0)");
            }
            if (command.slot() >= CAPACITY) {
                return deferred("Internal error: delnum too big. (#4.3.5)");
            }
            if (isTaken(command.slot())) {
                return deferred("Internal error: delnum in use. (#4.3.5)");
            }
            String name = command.message();
            for (int i = 0; i < name.length(); i++) {
                boolean isDigit = name.charAt(i) >= '0' && name.charAt(i) <= '9';
                if (!isDigit && (i == 0 || name.charAt(i) != '/')) {
                    return failed("Internal error: messid has nonnumerics. (#5.3.5)");
                }
            }
            if (name.length() > CommandReader.LONGEST_MESSAGE) {
                return failed("Internal error: messid too long. (#5.3.5)");
            }
            if (name.isEmpty()) {
                return failed("Internal error: messid too short. (#5.3.5)");
            }
            return command.recipient().indexOf('@') < 0
                    ? failed("Sorry, address must include host name. (#5.1.3)")
                    : Optional.empty();
        }

        private void start(SpawnCommand command, MessageSource message) {
            lock.lock();
            try {
                taken[command.slot()] = true;
            } finally {
                lock.unlock();
            }
            free.acquireUninterruptibly();
            Thread.ofVirtual().name("delivery-" + command.slot()).start(() -> live(command, message));
        }

        // A slot whose thread dies without a report is lost to qmail-send for ever: so all is caught.
        private void live(SpawnCommand command, MessageSource message) {
            Outcome outcome = new Outcome.Deferred(crashed + "\n");
            try {
                outcome = delivery.attempt(message, command.sender(), command.recipient());
            } catch (Throwable defect) {
                call.complain(call.programName() + ": alert: a delivery broke: " + defect);
            }
            report(new SpawnReport(command.slot(), outcome));
            free.release();
        }

        /** The slot is free before its report is written: the next command for it may come at once. */
        private void report(SpawnReport report) {
            lock.lock();
            try {
                taken[report.slot()] = false;
            } finally {
                lock.unlock();
            }
            write(report.octets());
        }

        private boolean isTaken(int slot) {
            lock.lock();
            try {
                return taken[slot];
            } finally {
                lock.unlock();
            }
        }

        private void write(byte[] octets) {
            lock.lock();
            try {
                if (!nobodyListens) {
                    out.write(octets);
                    out.flush();
                }
            } catch (IOException gone) {
                // qmail-send is no more, and with it all interest in these deliveries.
                nobodyListens = true;
            } finally {
                lock.unlock();
            }
        }

        void awaitAll() {
            free.acquireUninterruptibly(CAPACITY);
        }

        private static Optional<Outcome> deferred(String text) {
            return Optional.of(new Outcome.Deferred(text + "\n"));
        }

        private static Optional<Outcome> failed(String text) {
            return Optional.of(new Outcome.Failed(text + "\n"));
        }
    }
}
