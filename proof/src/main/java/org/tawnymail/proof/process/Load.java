package org.tawnymail.proof.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.tawnymail.proof.process.ShellPrograms.Kind;

/**
 * Letters of all kinds for all kinds of recipients, handed over by SMTP sessions as long as the server lives, and by programs
 * of a shell as long as the proof goes on.
 */
final class Load {

    /** Between two letters of one session: several thousand a second would only test the patience of whoever waits. */
    private static final int LONGEST_PAUSE_MILLIS = 30;

    private static final int LONGEST_REST_OF_SHELL_MILLIS = 400;
    private static final int LARGEST = 1 << 20;
    private static final int LARGEST_IN_MBOX = 128 << 10;
    private static final int MOST_RECIPIENTS = 100;

    /** A killed program has usually got to its JVM, and often to its end. */
    private static final int LATEST_KILL_MILLIS = 300;

    private final Ledger ledger;
    private final AtomicInteger names = new AtomicInteger();
    private final AtomicInteger programsKilled = new AtomicInteger();

    Load(Ledger ledger) {
        this.ledger = ledger;
    }

    /** How many programs of the shell were killed. */
    int programsKilled() {
        return programsKilled.get();
    }

    /** A session that hands letters over until the connection breaks, or it is enough. */
    private void session(InetSocketAddress server, SplittableRandom random, BooleanSupplier enough) {
        try (SmtpSession session = new SmtpSession(server)) {
            while (!enough.getAsBoolean()) {
                Letter letter = letter(random);
                ledger.offered(letter);
                ledger.answered(letter, session.send(FurnishedHome.SENDER, letter));
                Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
            }
        } catch (IOException killed) {
            // That is what the proof is about.
        } catch (InterruptedException enoughToo) {
            Thread.currentThread().interrupt();
        }
    }

    /** So many sessions at a time, each a thread, which ends as its session does. */
    List<Thread> sessions(int count, InetSocketAddress server, SplittableRandom random, BooleanSupplier enough) {
        List<Thread> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SplittableRandom own = random.split();
            sessions.add(Thread.ofVirtual().start(() -> session(server, own, enough)));
        }
        return sessions;
    }

    /** Runs programs one after the other until the thread is interrupted; some of them are killed. */
    void shell(ShellPrograms programs, Kind kind, SplittableRandom random) throws IOException {
        try {
            while (true) {
                Letter letter = letter(random);
                Optional<Duration> killAfter = random.nextInt(8) == 0
                        ? Optional.of(Duration.ofMillis(1 + random.nextInt(LATEST_KILL_MILLIS)))
                        : Optional.empty();
                ledger.offered(letter);
                Answer answer = programs.submit(kind, FurnishedHome.SENDER, letter, killAfter);
                if (answer instanceof Answer.None) {
                    programsKilled.incrementAndGet();
                }
                ledger.answered(letter, answer);
                Thread.sleep(random.nextInt(LONGEST_REST_OF_SHELL_MILLIS));
            }
        } catch (InterruptedException enough) {
            // The letter under way was not acknowledged to anybody.
        }
    }

    Letter letter(SplittableRandom random) {
        List<String> recipients = recipients(random);
        int most = recipients.contains(FurnishedHome.MBOX) ? LARGEST_IN_MBOX : LARGEST;
        int size = switch (random.nextInt(20)) {
            case 0 -> random.nextInt(most);
            case 1, 2, 3 -> random.nextInt(Math.min(most, 100 << 10));
            default -> random.nextInt(6 << 10);
        };
        return new Letter("n" + names.incrementAndGet(), size, recipients);
    }

    private static List<String> recipients(SplittableRandom random) {
        List<String> recipients = new ArrayList<>();
        int count = random.nextInt(20) == 0 ? random.nextInt(MOST_RECIPIENTS) : random.nextInt(3);
        for (int i = 0; i <= count; i++) {
            String recipient = switch (random.nextInt(10)) {
                case 0 -> FurnishedHome.MBOX;
                case 1 -> FurnishedHome.PROGRAM;
                case 2 -> FurnishedHome.FORWARD;
                case 3 -> FurnishedHome.unknown(i);
                case 4, 5, 6 -> FurnishedHome.far(i);
                case 7 -> FurnishedHome.another(i);
                default -> FurnishedHome.MAILDIR;
            };
            if (!recipients.contains(recipient)) {
                recipients.add(recipient);
            }
        }
        return recipients;
    }
}
