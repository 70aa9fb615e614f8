package org.tawnymail.send.spawn;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Outcome;
import org.tawnymail.base.spawn.ReportReader;
import org.tawnymail.base.spawn.SpawnCommand;
import org.tawnymail.base.spawn.SpawnReport;
import org.tawnymail.send.DeliveryAgent;

/**
 * A spawner at the other end of two pipes. Each delivery has a slot, the lowest that is free; its command is written at
 * once, and its thread waits for the report. Safe for use by many threads.
 */
public final class SpawnerConnection implements DeliveryAgent {

    /** Is told what no delivery can be told. */
    public interface Observer {

        /** The spawner is gone. Told once, or more often. */
        void lost();

        /** There is something to be logged. */
        void remark(String line);
    }

    /** Slots are one byte. */
    private static final int MOST_SLOTS = 255;

    private static final Outcome NO_MESSAGE = new Outcome.Deferred("qmail-spawn unable to open message. (#4.3.0)\n");

    private final ReportReader reports;
    private final OutputStream commands;
    private final MessageFiles files;
    private final String name;
    private final int capacity;
    private final ReentrantLock slotsLock = new ReentrantLock();
    private final ReentrantLock commandsLock = new ReentrantLock();
    private final BitSet slots = new BitSet(MOST_SLOTS);
    private final Map<Integer, CompletableFuture<SpawnReport>> asked = new HashMap<>();
    private boolean lost;

    private SpawnerConnection(
            String name, ReportReader reports, OutputStream commands, MessageFiles files, int capacity) {
        this.name = name;
        this.reports = reports;
        this.commands = commands;
        this.files = files;
        this.capacity = capacity;
    }

    /**
     * Waits until the spawner says how much it can do.
     *
     * @param name for the name of its thread
     * @return nothing if it ends before it says anything
     */
    public static Optional<SpawnerConnection> open(
            String name, InputStream reports, OutputStream commands, MessageFiles files) {
        ReportReader reader = new ReportReader(reports);
        try {
            OptionalInt capacity = reader.capacity();
            return capacity.isPresent()
                    ? Optional.of(new SpawnerConnection(name, reader, commands, files, capacity.getAsInt()))
                    : Optional.empty();
        } catch (IOException broken) {
            return Optional.empty();
        }
    }

    @Override
    public int capacity() {
        return capacity;
    }

    /** Begins to read reports. */
    public void start(Observer observer) {
        Thread.ofPlatform().name(name).daemon().start(() -> readAll(observer));
    }

    @Override
    public Outcome deliver(long number, MessageSource message, String sender, String recipient) throws Lost, Mangled {
        try (MessageFiles.Lease file = files.lend(number, message)) {
            CompletableFuture<SpawnReport> report = new CompletableFuture<>();
            int slot = take(report);
            write(new SpawnCommand(slot, file.name(), sender, recipient));
            return report.get().outcome().orElseThrow(Mangled::new);
        } catch (IOException unwritable) {
            return NO_MESSAGE;
        } catch (ExecutionException gone) {
            throw new Lost(name + " is gone");
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            throw new Lost("nobody waits for " + name + " any more");
        }
    }

    private int take(CompletableFuture<SpawnReport> report) throws Lost {
        slotsLock.lock();
        try {
            if (lost) {
                throw new Lost(name + " is gone");
            }
            int slot = slots.nextClearBit(0);
            if (slot >= capacity) {
                throw new IllegalStateException("more deliveries than " + name + " can make");
            }
            slots.set(slot);
            asked.put(slot, report);
            return slot;
        } finally {
            slotsLock.unlock();
        }
    }

    /** A pipe that is full, because the spawner does not read, holds up the deliveries of this channel alone. */
    private void write(SpawnCommand command) throws Lost {
        commandsLock.lock();
        try {
            commands.write(command.octets());
            commands.flush();
        } catch (IOException broken) {
            throw new Lost(name + " takes no commands");
        } finally {
            commandsLock.unlock();
        }
    }

    private void readAll(Observer observer) {
        try {
            for (Optional<SpawnReport> report = reports.next(); report.isPresent(); report = reports.next()) {
                if (!tell(report.get())) {
                    observer.remark("warning: internal error: delivery report out of range");
                }
            }
        } catch (IOException broken) {
            // Means the same as its end.
        }
        loseAll();
        observer.lost();
    }

    /** Says whether anybody had asked. */
    private boolean tell(SpawnReport report) {
        slotsLock.lock();
        try {
            CompletableFuture<SpawnReport> delivery = asked.remove(report.slot());
            slots.clear(report.slot());
            return delivery != null && delivery.complete(report);
        } finally {
            slotsLock.unlock();
        }
    }

    private void loseAll() {
        slotsLock.lock();
        try {
            lost = true;
            asked.values().forEach(delivery -> delivery.completeExceptionally(new IOException(name + " is gone")));
        } finally {
            slotsLock.unlock();
        }
    }
}
