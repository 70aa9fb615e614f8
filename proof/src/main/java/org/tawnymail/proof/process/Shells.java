package org.tawnymail.proof.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;

/** The shells of a proof, each a thread that runs one program after the other. */
final class Shells implements AutoCloseable {

    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<IOException> trouble = new AtomicReference<>();

    void start(Load load, ShellPrograms programs, ShellPrograms.Kind kind, SplittableRandom random) {
        threads.add(Thread.ofVirtual().start(() -> {
            try {
                load.shell(programs, kind, random);
            } catch (IOException e) {
                trouble.compareAndSet(null, e);
            }
        }));
    }

    /**
     * Ends them.
     *
     * @throws IOException if one could not do its work
     */
    @Override
    public void close() throws IOException {
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        IOException why = trouble.get();
        if (why != null) {
            throw why;
        }
    }
}
