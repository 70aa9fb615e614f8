package org.tawnymail.base.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.posix.JoiningPipe;
import org.tawnymail.base.posix.Spawn;
import org.tawnymail.base.posix.SpawnedProcess;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.Lendable;
import org.tawnymail.base.program.OpenFile;

/**
 * An executable run as a child process with the descriptors of a call.
 *
 * <p>A stream that stands on an open file is inherited; a connection is lent for as long as the child lives, provided nobody has
 * read ahead of it, which a stream of another kind as descriptor 0 tells. Any other stream is joined to the child by a pipe and a virtual thread
 * that copies: input until it ends or the child reads no more, output until the child and all that it started have closed
 * it. Two numbers with one output stream get one pipe, so that what the child writes to them keeps its order.
 *
 * <p>The streams of the call are never closed here. A copier may have read more of an input than the child took, and one
 * whose input is open but silent (a connection) goes on waiting for it after the child's end: who hands such a stream to a
 * child does not read from it again.
 */
final class ChildProcess implements Commands.Running {

    /** How much a copier moves at once. */
    private static final int BUFFER_SIZE = 8192;

    /** A killed child may leave others that hold its output open; we wait for those no longer than this. */
    private static final Duration PATIENCE_AFTER_KILL = Duration.ofSeconds(2);

    private final SpawnedProcess process;
    private final List<Lendable.Lease> leases;
    private final List<Thread> outputCopiers = new ArrayList<>();
    private final CompletableFuture<Ending> ending = new CompletableFuture<>();
    private volatile boolean killed;
    private Duration patience = PATIENCE_AFTER_KILL;

    private ChildProcess(SpawnedProcess process, List<Lendable.Lease> leases) {
        this.process = process;
        this.leases = leases;
    }

    /**
     * Starts a child.
     *
     * @param executable the file; if relative, from the directory of the call
     * @throws org.tawnymail.base.posix.SystemError if it cannot be run
     */
    static ChildProcess start(String executable, Call call, Optional<Identity> identity) throws IOException {
        List<String> arguments = new ArrayList<>(call.arguments().size() + 1);
        arguments.add(call.name());
        arguments.addAll(call.arguments());
        List<String> environment = new ArrayList<>();
        call.environment().variables().forEach((name, value) -> environment.add(name + "=" + value));

        Joints joints = new Joints();
        try {
            joints.make(call.descriptors());
            SpawnedProcess process =
                    new Spawn(executable, arguments, environment, joints.numbers, call.directory(), identity).start();
            ChildProcess child = new ChildProcess(process, joints.leases());
            joints.closeChildEnds();
            child.startCopying(joints);
            Thread.ofVirtual().name("wait-", process.pid()).start(child::reap);
            return child;
        } catch (IOException | RuntimeException failed) {
            joints.close();
            throw failed;
        }
    }

    @Override
    public Ending await() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return ending.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    kill();
                } catch (ExecutionException e) {
                    throw new IllegalStateException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public void kill() {
        killed = true;
        process.kill();
    }

    /** The life of the thread that waits for the child; nobody else has it, so nobody interrupts it. */
    private void reap() {
        try {
            Ending how = process.await();
            for (Thread copier : outputCopiers) {
                awaitEndOf(copier);
            }
            leases.forEach(Lendable.Lease::close);
            ending.complete(how);
        } catch (IOException | InterruptedException | RuntimeException defect) {
            ending.completeExceptionally(defect);
        }
    }

    private void awaitEndOf(Thread copier) throws InterruptedException {
        Duration untilNextLook = Duration.ofMillis(100);
        while (!copier.join(untilNextLook)) {
            if (killed) {
                patience = patience.minus(untilNextLook);
                if (patience.isNegative()) {
                    copier.interrupt();
                }
            }
        }
    }

    private void startCopying(Joints joints) {
        for (Joints.ToChild joint : joints.toChild) {
            Thread.ofVirtual().start(() -> copyToChild(joint.from, joint.pipe));
        }
        for (Joints.FromChild joint : joints.fromChild) {
            outputCopiers.add(Thread.ofVirtual().start(() -> copyFromChild(joint.pipe, joint.to)));
        }
    }

    private void copyToChild(InputStream from, JoiningPipe pipe) {
        byte[] buffer = new byte[BUFFER_SIZE];
        try {
            OutputStream to = pipe.output();
            int count;
            while ((count = readOrKill(from, buffer)) >= 0) {
                to.write(buffer, 0, count);
            }
        } catch (IOException childReadsNoMore) {
            // As for any writer to a pipe: the rest is not wanted.
        } finally {
            try {
                pipe.endOutput();
                pipe.release();
            } catch (IOException gone) {
                // The child cannot be told, because it is gone.
            }
        }
    }

    /** The child must not take a source that broke for one that ended: half a message is no message. */
    private int readOrKill(InputStream from, byte[] buffer) {
        try {
            return from.read(buffer);
        } catch (IOException broken) {
            kill();
            return -1;
        } catch (RuntimeException defect) {
            kill();
            throw defect;
        }
    }

    private static void copyFromChild(JoiningPipe pipe, OutputStream to) {
        byte[] buffer = new byte[BUFFER_SIZE];
        try {
            InputStream from = pipe.input();
            int count;
            while ((count = from.read(buffer)) >= 0) {
                to.write(buffer, 0, count);
                to.flush();
            }
        } catch (IOException nobodyWantsMore) {
            // Letting go of the pipe tells the child, as the end of any reader would.
        } finally {
            pipe.release();
        }
    }

    /** The child's descriptors and the pipes behind those that are no open files. */
    private static final class Joints {

        record ToChild(InputStream from, JoiningPipe pipe) {}

        record FromChild(JoiningPipe pipe, OutputStream to) {}

        final TreeMap<Integer, Integer> numbers = new TreeMap<>();
        final List<ToChild> toChild = new ArrayList<>();
        final List<FromChild> fromChild = new ArrayList<>();
        private final List<JoiningPipe> pipes = new ArrayList<>();
        private final IdentityHashMap<Object, JoiningPipe> pipeOf = new IdentityHashMap<>();
        private final IdentityHashMap<Object, Lendable.Lease> leaseOf = new IdentityHashMap<>();

        void make(Descriptors descriptors) throws IOException {
            boolean mayLend = !hasReadAhead(descriptors);
            for (int number : descriptors.numbers()) {
                boolean readable = descriptors.isReadable(number);
                boolean writable = descriptors.isWritable(number);
                Object stream = readable ? descriptors.in(number) : descriptors.out(number);
                if (stream instanceof OpenFile file) {
                    numbers.put(number, file.fileNumber());
                    continue;
                }
                Lendable.Lease lease = mayLend && stream instanceof Lendable lendable ? lease(lendable) : null;
                if (lease != null) {
                    numbers.put(number, lease.fileNumber());
                } else {
                    numbers.put(
                            number,
                            pipe(descriptors, number, stream, readable, writable)
                                    .childEnd());
                }
            }
        }

        List<Lendable.Lease> leases() {
            return List.copyOf(leaseOf.values());
        }

        /** Whether descriptor 0 is joined by a copier, which goes on reading a connection that another number stands for. */
        private static boolean hasReadAhead(Descriptors descriptors) throws IOException {
            if (!descriptors.isReadable(0)) {
                return false;
            }
            InputStream in = descriptors.in(0);
            return !(in instanceof OpenFile) && !(in instanceof Lendable);
        }

        private Lendable.@Nullable Lease lease(Lendable lendable) throws IOException {
            Lendable.Lease lease = leaseOf.get(lendable);
            if (lease == null) {
                lease = lendable.lend().orElse(null);
                if (lease != null) {
                    leaseOf.put(lendable, lease);
                }
            }
            return lease;
        }

        private JoiningPipe pipe(Descriptors descriptors, int number, Object stream, boolean readable, boolean writable)
                throws IOException {
            JoiningPipe shared = pipeOf.get(stream);
            if (shared == null && readable && writable) {
                shared = sameConnection(descriptors.out(number));
            }
            if (shared != null) {
                return shared;
            }
            JoiningPipe pipe;
            if (readable && writable) {
                pipe = JoiningPipe.bothWays();
            } else {
                pipe = readable ? JoiningPipe.toChild() : JoiningPipe.fromChild();
            }
            pipes.add(pipe);
            pipeOf.put(stream, pipe);
            if (readable) {
                toChild.add(new ToChild(descriptors.in(number), pipe));
            }
            if (writable) {
                fromChild.add(new FromChild(pipe, descriptors.out(number)));
                pipeOf.put(descriptors.out(number), pipe);
            }
            return pipe;
        }

        /**
         * The pipe of a number that is written to the same: two numbers of one connection, of which the first is read from
         * what was read ahead of it. A second copier would take its bytes away.
         */
        private @Nullable JoiningPipe sameConnection(OutputStream out) {
            JoiningPipe pipe = pipeOf.get(out);
            return pipe != null && pipe.isBothWays() ? pipe : null;
        }

        void closeChildEnds() throws IOException {
            for (JoiningPipe pipe : pipes) {
                pipe.closeChildEnd();
            }
        }

        void close() throws IOException {
            leaseOf.values().forEach(Lendable.Lease::close);
            for (JoiningPipe pipe : pipes) {
                pipe.close();
            }
        }
    }
}
