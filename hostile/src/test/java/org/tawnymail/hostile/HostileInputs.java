package org.tawnymail.hostile;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.Octets;

/**
 * Runs one parser over its hostile inputs. An input is found wrong if the parser throws anything (a test turns the
 * exceptions that the parser documents into an answer), has not ended after {@link #HANG}, or allocates more memory than
 * its limit.
 *
 * <p>The same seed makes the same inputs. {@code -Dhostile.seed=N} chooses another, {@code -Dhostile.inputs=N} another
 * number of them, {@code -Dhostile.only=N} runs one alone.
 */
public final class HostileInputs {

    /** The seed of an ordinary run: always the same, so that a build that was green stays green. */
    private static final long USUAL_SEED = 1998;

    private static final int USUAL_INPUTS = 10_000;

    /** No input needs a second; a parser that has not ended by then does not end. In milliseconds. */
    private static final long HANG = 120_000;

    /** What a parser may allocate for one input besides some octets for each octet of it. */
    private static final long USUAL_MEMORY = 8 << 20;

    /** Objects for the smallest things that a grammar knows cost some 80 octets each, and lists of them grow by copying. */
    private static final long MEMORY_PER_OCTET = 600;

    private static final int SHOWN = 2_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What is done with each input. */
    @FunctionalInterface
    public interface Feed {
        /** @param random for whatever else is chosen at random; part of the seed */
        void feed(byte[] input, Random random) throws Exception;
    }

    private final String parser;
    private final List<String> pieces = new ArrayList<>();
    private final List<byte[]> samples = new ArrayList<>();
    private long memory = USUAL_MEMORY;
    private int share = 1;

    private HostileInputs(String parser) {
        this.parser = parser;
    }

    /** @param parser what the inputs are for, as a failure names it */
    public static HostileInputs of(String parser) {
        return new HostileInputs(parser);
    }

    /** Adds pieces of the parser's language. */
    public HostileInputs pieces(String... more) {
        pieces.addAll(List.of(more));
        return this;
    }

    /** Adds valid inputs, to be mutated. */
    public HostileInputs samples(String... more) {
        for (String sample : more) {
            samples.add(Octets.of(sample));
        }
        return this;
    }

    /** Adds a valid input, to be mutated. */
    public HostileInputs sample(byte[] sample) {
        samples.add(sample);
        return this;
    }

    /** Lets the parser allocate so many octets for one input, besides those that the length of the input accounts for. */
    public HostileInputs memory(long octets) {
        memory = octets;
        return this;
    }

    /** For a driver that tries several inputs in one go: it is called so many times less. */
    public HostileInputs several(int atATime) {
        share = atATime;
        return this;
    }

    /** Runs all of them. */
    public void each(Feed feed) throws InterruptedException {
        if (Fuzz.takes(new Fuzz.Driver(parser, pieces, samples, feed))) {
            return;
        }
        long seed = Long.getLong("hostile.seed", USUAL_SEED);
        int only = Integer.getInteger("hostile.only", -1);
        int inputs = (Integer.getInteger("hostile.inputs", USUAL_INPUTS) + share - 1) / share;
        int first = Math.max(only, 0);
        int end = only < 0 ? inputs : only + 1;
        System.out.println("hostile: " + parser + ": seed " + seed + ", " + (end - first) * share + " inputs");
        Run run = new Run(feed, seed, first, end);
        Thread worker = Thread.ofPlatform().daemon().name("hostile: " + parser).start(run);
        long before = -1;
        while (!worker.join(java.time.Duration.ofMillis(HANG))) {
            long now = run.current.get();
            if (now == before) {
                throw hang(worker, run, seed);
            }
            before = now;
        }
        AssertionError failure = run.failure.get();
        if (failure != null) {
            throw failure;
        }
    }

    private AssertionError hang(Thread worker, Run run, long seed) {
        long index = run.current.get();
        AssertionError hang = new AssertionError(where(seed, index) + " does not end: " + shown(input(seed, index)));
        hang.setStackTrace(worker.getStackTrace());
        return hang;
    }

    private final class Run implements Runnable {

        private final Feed feed;
        private final long seed;
        private final int first;
        private final int end;
        private final AtomicLong current = new AtomicLong(-1);
        private final AtomicReference<@Nullable AssertionError> failure = new AtomicReference<>();

        private Run(Feed feed, long seed, int first, int end) {
            this.feed = feed;
            this.seed = seed;
            this.first = first;
            this.end = end;
        }

        @Override
        public void run() {
            for (int index = first; index < end; index++) {
                current.set(index);
                Random random = random(seed, index);
                byte[] input = new InputMaker(random, pieces, samples).make();
                long before = THREADS.getCurrentThreadAllocatedBytes();
                try {
                    feed.feed(input, random);
                    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
                    if (allocated > memory + input.length * MEMORY_PER_OCTET) {
                        throw new AssertionError("allocated " + allocated + " octets");
                    }
                } catch (Throwable wrong) { // whatever it is: this is what the test looks for
                    failure.set(new AssertionError(where(seed, index) + ": " + wrong + "\n" + shown(input), wrong));
                    return;
                }
            }
        }
    }

    private byte[] input(long seed, long index) {
        return new InputMaker(random(seed, index), pieces, samples).make();
    }

    private Random random(long seed, long index) {
        return new Random((seed * 31 + parser.hashCode()) * 1_000_003 + index);
    }

    private String where(long seed, long index) {
        return parser + ", input " + index + " (-Dhostile.seed=" + seed + " -Dhostile.only=" + index + ")";
    }

    private static String shown(byte[] input) {
        StringBuilder text = new StringBuilder(input.length + " octets: ");
        for (int i = 0; i < input.length && i < SHOWN; i++) {
            int octet = input[i] & 0xff;
            switch (octet) {
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\\' -> text.append("\\\\");
                default -> {
                    if (octet < ' ' || octet > '~') {
                        text.append(String.format("\\x%02x", octet));
                    } else {
                        text.append((char) octet);
                    }
                }
            }
        }
        return text.append(input.length > SHOWN ? "..." : "").toString();
    }
}
