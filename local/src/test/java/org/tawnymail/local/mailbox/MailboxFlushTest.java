package org.tawnymail.local.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Complaint;

/** The promise of a Maildir delivery, on a disk that forgets whatever was not forced. */
class MailboxFlushTest {

    private static final Path BOX = Path.of("/home/ann/Maildir");
    private static final byte[] HEAD = Octets.of("Delivered-To: ann@corp.example\n");

    private final MailboxFlush flush = new MailboxFlush();
    private final ForgetfulDisk disk = new ForgetfulDisk();

    @AfterEach
    void letGo() {
        flush.close();
    }

    @Test
    void wheneverPowerIsLostNoFileInNewIsTornAndWhatWasReportedIsThere() throws Exception {
        for (int seed = 0; seed < 200; seed++) {
            ForgetfulDisk unlucky = new ForgetfulDisk();
            Random random = new Random(seed);
            unlucky.losePowerAfter(random.nextInt(60));
            AtomicInteger reported = new AtomicInteger();
            deliverAtOnce(maildir(unlucky), 1 + random.nextInt(12), reported);

            List<String> survivors = unlucky.afterTheCrash(BOX.resolve("new"), random);
            assertThat(survivors).as("seed %d", seed).allMatch(MailboxFlushTest::isWhole);
            assertThat(survivors.size()).as("seed %d", seed).isGreaterThanOrEqualTo(reported.get());
        }
    }

    @Test
    void deliveriesThatWaitTogetherShareTheirFlushes() throws Exception {
        disk.holdForces();
        AtomicInteger reported = new AtomicInteger();
        List<Thread> threads = start(maildir(disk), 50, reported);
        disk.awaitWritten(50);
        disk.releaseForces();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(reported).hasValue(50);
        assertThat(disk.forces()).isLessThan(50);
    }

    @Test
    void aDeliveryAloneForcesItsFileAndItsDirectoryAndNothingElse() throws Exception {
        maildir(disk).deliver(BOX, HEAD, message(1));
        assertThat(disk.forces()).isEqualTo(2);
        assertThat(disk.fileSystemForces()).isZero();
    }

    @Test
    void aFlushThatFailsDefersAllWhoWaitedAndLeavesNothingBehind() throws Exception {
        disk.holdForces();
        disk.failForces();
        AtomicInteger reported = new AtomicInteger();
        List<Thread> threads = start(maildir(disk), 20, reported);
        disk.awaitWritten(20);
        disk.releaseForces();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(reported).hasValue(0);
        assertThat(disk.names()).isEmpty();
    }

    @Test
    void aLossThatIsToldToAnotherFlushIsALossOfAllWhoWereWatching() throws Exception {
        try (MailboxFlush.Watch early = flush.watch(disk, BOX)) {
            disk.failForces();
            assertThatThrownBy(() -> settleTogether(3)).isInstanceOf(IOException.class);
            disk.mendForces();
            assertThatThrownBy(() -> early.settle(() -> {})).hasMessage("input/output error");
        }
        try (MailboxFlush.Watch late = flush.watch(disk, BOX)) {
            late.settle(() -> {});
        }
    }

    @Test
    void onceItIsLetGoItsThreadEndsAndADeliveryThatIsUnderWayForcesForItself() throws Exception {
        String name = "mailbox-flush-" + disk.device(BOX);
        try (MailboxFlush.Watch watch = flush.watch(disk, BOX)) {
            flush.close();
            disk.awaitCondition(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals(name)));
            AtomicInteger forces = new AtomicInteger();
            watch.settle(forces::incrementAndGet);
            assertThat(forces).hasValue(1);
        }
    }

    /** Settles several at once such that they are a batch, behind one that is held, and throws what one of them got. */
    private void settleTogether(int count) throws Exception {
        disk.holdForces();
        List<IOException> failures = new CopyOnWriteArrayList<>();
        CountDownLatch held = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        threads.add(settling(failures, () -> {
            held.countDown();
            disk.awaitRelease();
        }));
        held.await();
        for (int i = 0; i < count; i++) {
            threads.add(settling(failures, disk::awaitRelease));
        }
        disk.awaitCondition(() -> threads.stream().allMatch(t -> t.getState() == Thread.State.TIMED_WAITING));
        disk.releaseForces();
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    private Thread settling(List<IOException> failures, MailboxFlush.Force alone) {
        return Thread.startVirtualThread(() -> {
            try (MailboxFlush.Watch watch = flush.watch(disk, BOX)) {
                watch.settle(alone);
            } catch (IOException e) {
                failures.add(e);
            }
        });
    }

    private Maildir maildir(ForgetfulDisk on) {
        InstantSource clock = InstantSource.fixed(Instant.EPOCH);
        return new Maildir(on, flush, new MaildirNames(clock, 1, "host"), line -> {});
    }

    private static void deliverAtOnce(Maildir maildir, int count, AtomicInteger reported) throws InterruptedException {
        for (Thread thread : start(maildir, count, reported)) {
            thread.join();
        }
    }

    private static List<Thread> start(Maildir maildir, int count, AtomicInteger reported) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            threads.add(Thread.startVirtualThread(() -> {
                try {
                    maildir.deliver(BOX, HEAD, message(number));
                    reported.incrementAndGet();
                } catch (Complaint deferred) {
                    assertThat(deferred.exitCode()).isEqualTo(111);
                }
            }));
        }
        return threads;
    }

    private static MessageBytes message(int number) {
        return MemoryInput.bytes("Subject: " + number + "\n\n" + "x".repeat(number) + "\nend\n");
    }

    private static boolean isWhole(String file) {
        return file.startsWith("Delivered-To: ") && file.endsWith("end\n");
    }
}
