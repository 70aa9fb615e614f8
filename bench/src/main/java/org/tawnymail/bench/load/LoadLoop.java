package org.tawnymail.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Drives all sessions of a plan on one thread: a selector and no hand-over between threads is what costs least processor
 * time, about 60 µs a message with a connection of its own and 13 µs on kept ones.
 */
final class LoadLoop {

    private static final int INPUT = 16 << 10;
    private static final int ERRORS_KEPT = 5;
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(1);
    private static final Duration BETWEEN_SWEEPS = Duration.ofSeconds(1);

    private final LoadPlan plan;
    private final long[] nanos;
    private final List<String> errors = new ArrayList<>();
    private final List<LoadSession> sessions = new ArrayList<>();
    private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT);
    private int next;
    private int open;

    LoadLoop(LoadPlan plan) {
        this.plan = plan;
        this.nanos = new long[plan.messages()];
    }

    /** Sends everything; the nanoseconds of each message, 0 for those that failed. */
    long[] run() throws IOException {
        LoadText text = new LoadText(plan);
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < Math.min(plan.sessions(), plan.messages()); i++) {
                LoadSession session = new LoadSession(this, plan, text);
                sessions.add(session);
                connect(session, selector);
            }
            long swept = System.nanoTime();
            while (open > 0) {
                selector.select(key -> ready(key, selector), BETWEEN_SWEEPS.toMillis());
                long now = System.nanoTime();
                if (now - swept > BETWEEN_SWEEPS.toNanos()) {
                    swept = now;
                    sweep(now, selector);
                }
            }
        }
        return nanos;
    }

    List<String> errors() {
        return errors;
    }

    /** The number of the next message, or -1 if there is none. */
    int nextMessage() {
        return next < plan.messages() ? next++ : -1;
    }

    void acknowledged(int message, long taken) {
        nanos[message] = Math.max(1, taken);
    }

    void failed(String why) {
        if (errors.size() < ERRORS_KEPT) {
            errors.add(why);
        }
    }

    private void ready(SelectionKey key, Selector selector) {
        if (key.isValid() && key.attachment() instanceof LoadSession session && !session.isReady(key, input)) {
            open--;
            connect(session, selector);
        }
    }

    private void connect(LoadSession session, Selector selector) {
        if (session.connect(selector)) {
            open++;
        }
    }

    private void sweep(long now, Selector selector) {
        for (LoadSession session : sessions) {
            if (session.isOverdue(now, LONGEST_SILENCE.toNanos())) {
                open--;
                connect(session, selector);
            }
        }
    }
}
