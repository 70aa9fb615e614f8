package org.tawnymail.proof.process;

import java.io.IOException;
import java.time.Duration;

/** Waits until a queue has delivered everything. */
final class EmptyQueue {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    /** So long may the number of messages stay the same. */
    private static final Duration LONGEST_STANDSTILL = Duration.ofMinutes(1);

    /** What makes the server try everything that waits. */
    @FunctionalInterface
    interface Push {
        void push() throws IOException, InterruptedException;
    }

    /** @throws IOException if the queue does not get empty */
    static void await(ShellPrograms programs, Push push) throws IOException, InterruptedException {
        int before = Integer.MAX_VALUE;
        long changed = System.nanoTime();
        for (int waiting = programs.waiting(); waiting > 0; waiting = programs.waiting()) {
            if (waiting != before) {
                before = waiting;
                changed = System.nanoTime();
            }
            if (System.nanoTime() - changed > LONGEST_STANDSTILL.toNanos()) {
                throw new IOException(waiting + " messages stay in the queue");
            }
            push.push();
            Thread.sleep(BETWEEN_LOOKS);
        }
    }

    private EmptyQueue() {}
}
