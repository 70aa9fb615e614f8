package org.tawnymail.send.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;
import org.tawnymail.base.Outcome;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.Recipient;
import org.tawnymail.queue.RecipientPage;

class ScheduleTest {

    private static final long LIFETIME = 604_800;
    private static final Outcome DELIVERED = new Outcome.Delivered("ok\n");
    private static final Outcome DEFERRED = new Outcome.Deferred("later\n");

    @Test
    void aMessageIsTriedAtOnceAndRemovedWhenEverybodyHasIt() {
        Simulation mail = new Simulation(10, 20, LIFETIME, delivery -> new Simulation.Answer(1, DELIVERED));
        long message = mail.accept("ann@here", "kim@far.test");
        mail.runToTheEnd();
        assertThat(mail.attempts).allMatch(attempt -> attempt.at() == Simulation.BEGIN);
        assertThat(mail.attempts).extracting(Simulation.Attempt::address).containsExactly("ann@here", "kim@far.test");
        assertThat(mail.concluded).containsExactly(message);
    }

    @Test
    void aMessageWithoutRecipientsIsRemovedAtOnce() {
        Simulation mail = new Simulation(10, 20, LIFETIME, delivery -> new Simulation.Answer(0, DELIVERED));
        long message = mail.accept();
        mail.runFor(0);
        assertThat(mail.concluded).containsExactly(message);
    }

    @Test
    void onlyThoseWhoWereDeferredAreTriedAgain() {
        Simulation mail = new Simulation(
                10,
                20,
                LIFETIME,
                delivery -> new Simulation.Answer(
                        0, delivery.address(0).startsWith("late") && delivery.number() < 9 ? DEFERRED : DELIVERED));
        mail.accept("a@here", "late@here", "b@here");
        mail.runToTheEnd();
        assertThat(mail.attempts)
                .extracting(Simulation.Attempt::address)
                .containsExactly(
                        "a@here",
                        "late@here",
                        "b@here",
                        "late@here",
                        "late@here",
                        "late@here",
                        "late@here",
                        "late@here",
                        "late@here");
        assertThat(mail.concluded).hasSize(1);
    }

    @Test
    void aChannelWithConcurrencyZeroHoldsItsMailAndNotThatOfTheOther() {
        Simulation mail = new Simulation(0, 20, LIFETIME, delivery -> new Simulation.Answer(0, DELIVERED));
        mail.accept("ann@here", "kim@far.test");
        mail.runFor(86_400);
        assertThat(mail.attempts).extracting(Simulation.Attempt::address).containsExactly("kim@far.test");
        assertThat(mail.concluded).isEmpty();
    }

    @Test
    void noMoreDeliveriesAreUnderWayThanAChannelHasSlots() {
        Simulation mail = new Simulation(7, 3, LIFETIME, delivery -> new Simulation.Answer(5, DELIVERED));
        for (int i = 0; i < 5; i++) {
            mail.accept(addresses(20, "user%d@here"));
            mail.accept(addresses(20, "user@host%d.test"));
        }
        mail.runToTheEnd();
        assertThat(mail.mostLocal).isEqualTo(7);
        assertThat(mail.mostRemote).isEqualTo(3);
        assertThat(mail.concluded).hasSize(10);
    }

    @Test
    void aLetterToAHundredThousandDelaysAnotherLetterByNoMoreThanAFewDeliveries() {
        Simulation mail = new Simulation(10, 20, LIFETIME, delivery -> new Simulation.Answer(1, DELIVERED));
        mail.accept(addresses(100_000, "user@host%d.test"));
        mail.runFor(10);
        long before = mail.attempts.getLast().number();
        long small = mail.accept("kim@far.test");
        mail.runFor(2);
        long numberOfSmall = mail.attempts.stream()
                .filter(attempt -> attempt.message() == small)
                .findFirst()
                .orElseThrow()
                .number();
        assertThat(numberOfSmall - before).isLessThanOrEqualTo(2);
        mail.runToTheEnd();
        assertThat(mail.concluded).hasSize(2);
        assertThat(mail.attempts).hasSize(100_001);
    }

    @Test
    void newMailIsNotHeldUpByABacklogThatIsDueAgain() {
        Simulation mail = new Simulation(10, 20, LIFETIME, delivery -> new Simulation.Answer(1, DEFERRED));
        for (int i = 0; i < 10_000; i++) {
            mail.accept("user@host" + i + ".test");
        }
        mail.runFor(1000);
        mail.schedule.alarm(mail.now());
        long before = mail.attempts.getLast().number();
        long fresh = mail.accept("kim@far.test");
        mail.runFor(1);
        assertThat(mail.attempts.stream().filter(attempt -> attempt.message() == fresh))
                .hasSize(1)
                .allMatch(attempt -> attempt.number() - before <= 25);
    }

    @Test
    void lettersToManyTakeTurns() {
        Simulation mail = new Simulation(10, 1, LIFETIME, delivery -> new Simulation.Answer(1, DELIVERED));
        mail.accept(addresses(200, "user@one%d.test"));
        mail.accept(addresses(200, "user@two%d.test"));
        mail.runFor(100);
        long first =
                mail.attempts.stream().filter(attempt -> attempt.message() == 1).count();
        assertThat(first).isBetween(45L, 55L);
    }

    @Test
    void moreLettersToManyThanPagesFitIntoMemoryReachEverybodyOnce() {
        Simulation mail = new Simulation(10, 20, LIFETIME, delivery -> new Simulation.Answer(1, DELIVERED));
        int letters = 2 * ScheduleBounds.USUAL.held() / ScheduleBounds.USUAL.page();
        for (int i = 0; i < letters; i++) {
            mail.accept(addresses(20, "user%d@host" + i % 5 + ".test"));
        }
        mail.runToTheEnd();
        assertThat(mail.concluded).hasSize(letters);
        assertThat(mail.attempts).hasSize(letters * 20);
    }

    @Test
    void aSlowHostHasAQuarterOfTheSlotsWhileOthersWait() {
        Simulation mail = new Simulation(
                10,
                20,
                LIFETIME,
                delivery -> new Simulation.Answer(Simulation.key(delivery).equals("slow.test") ? 1200 : 1, DELIVERED));
        List<String> mixed = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            mixed.add(i % 2 == 0 ? "user" + i + "@slow.test" : "user@host" + i + ".test");
        }
        mixed.forEach(mail::accept);
        mail.runFor(30);
        assertThat(mail.underway.get("slow.test")).isEqualTo(5);
        mail.runFor(300);
        long others = mail.attempts.stream()
                .filter(attempt -> !attempt.address().endsWith("@slow.test"))
                .count();
        assertThat(others).isEqualTo(2500);
        assertThat(mail.underway.get("slow.test")).isEqualTo(15);
    }

    @Test
    void aSlowHostNeverTakesTheReserveThatIsForWhoeverComesNext() {
        Simulation mail = new Simulation(
                10,
                20,
                LIFETIME,
                delivery -> new Simulation.Answer(Simulation.key(delivery).equals("slow.test") ? 1200 : 1, DELIVERED));
        for (int i = 0; i < 1000; i++) {
            mail.accept("user" + i + "@slow.test");
        }
        mail.runFor(10);
        assertThat(mail.underway.get("slow.test")).isEqualTo(15);
        mail.accept("kim@far.test");
        mail.runFor(0);
        assertThat(mail.attempts.getLast().address()).isEqualTo("kim@far.test");
        mail.runToTheEnd();
        assertThat(mail.concluded).hasSize(1001);
    }

    @Test
    void aSlowMailboxDoesNotStopTheMailOfOthers() {
        Simulation mail = new Simulation(
                10,
                20,
                LIFETIME,
                delivery -> new Simulation.Answer(
                        Octets.lowerCase(delivery.address(0)).startsWith("slow") ? 1000 : 1, DELIVERED));
        for (int i = 0; i < 500; i++) {
            mail.accept(i % 2 == 0 ? "slow@here" : "SLOW@here");
        }
        mail.runFor(5);
        for (int i = 0; i < 100; i++) {
            mail.accept("user" + i + "@here");
        }
        mail.runFor(200);
        assertThat(mail.attempts.stream().filter(attempt -> attempt.address().startsWith("user")))
                .hasSize(100);
    }

    @Test
    void anAlarmMakesEverythingThatWaitsDueAndLeavesTheScheduleAlone() {
        Simulation mail = new Simulation(10, 20, LIFETIME, delivery -> new Simulation.Answer(0, DEFERRED));
        mail.accept("kim@far.test");
        mail.accept("ann@here");
        mail.runFor(50);
        mail.schedule.alarm(mail.now());
        mail.runFor(0);
        assertThat(mail.attempts).hasSize(4);
        assertThat(mail.attempts.getLast().at()).isEqualTo(Simulation.BEGIN + 50);
        mail.runFor(1000);
        assertThat(mail.attempts.stream().map(attempt -> attempt.at() - Simulation.BEGIN))
                .containsExactly(0L, 0L, 50L, 50L, 289L, 729L, 729L);
    }

    @Test
    void afterAStopNothingStartsAndEverythingUnfinishedIsShownWithItsTime() {
        Simulation mail = new Simulation(2, 20, LIFETIME, delivery -> new Simulation.Answer(10, DEFERRED));
        mail.accept("a@here");
        mail.runFor(20);
        mail.accept(addresses(100, "user%d@here"));
        mail.runFor(0);
        mail.schedule.stop();
        int started = mail.attempts.size();
        mail.runFor(1000);
        assertThat(mail.attempts).hasSize(started);
        assertThat(mail.schedule.underway()).isZero();
        Map<Long, Long> due = new HashMap<>();
        mail.schedule.forEachUnfinished(Channel.LOCAL, mail.now(), (when, message) -> due.put(message, when));
        assertThat(due).isEqualTo(Map.of(1L, Simulation.BEGIN + 100, 2L, mail.now()));
    }

    @Test
    void whatCannotBeReadIsTriedAgainWhenTheSystemMayHaveRecovered() {
        Schedule schedule = new Schedule(10, 20, LIFETIME, 1);
        schedule.prepared(7, OptionalLong.of(0), OptionalLong.empty());
        schedule.turn(1000);
        Effect.ReadRecipients read = (Effect.ReadRecipients) effect(schedule);
        schedule.unreadable(1000, read.walk());
        assertThat(schedule.nextDue(1000)).isEqualTo(1123);
        schedule.notPrepared(1000, 8);
        schedule.notConcluded(9, 1005);
        assertThat(schedule.nextDue(1000)).isEqualTo(1005);
        schedule.turn(1123);
        assertThat(effect(schedule)).isEqualTo(new Effect.Prepare(8));
        assertThat(effect(schedule)).isEqualTo(new Effect.Conclude(9));
    }

    @Test
    void anAlarmWithAMillionMessagesWaitingDelaysNewMailByAFewLooksAtThem() {
        int waiting = 1_000_000;
        Schedule schedule = new Schedule(10, 20, LIFETIME, 1);
        for (int i = 0; i < waiting; i++) {
            schedule.prepared(i, OptionalLong.empty(), OptionalLong.of(Simulation.BEGIN + 1000 + i % 777));
        }
        schedule.alarm(Simulation.BEGIN);
        int looks = 0;
        for (int round = 0; round < 5; round++) {
            long letter = 1L + waiting + round;
            schedule.routed(letter, false, true);
            int until = looksUntilStarted(schedule, letter, 10_000);
            assertThat(until).isLessThanOrEqualTo(ScheduleBounds.USUAL.lookedAt());
            looks += until + looksUntilStarted(schedule, Long.MAX_VALUE, 10_000);
        }
        assertThat(looks).isGreaterThan(10_000);
        looks += looksUntilStarted(schedule, Long.MAX_VALUE, Integer.MAX_VALUE);
        assertThat(looks).isBetween(waiting, waiting + waiting / 100);
        assertThat(schedule.nextDue(Simulation.BEGIN)).isEqualTo(Simulation.BEGIN + Speeds.SLOW_SECONDS);
    }

    /** Messages are to one of a thousand dead hosts each, the letter is to another one; no delivery ends. */
    private static int looksUntilStarted(Schedule schedule, long letter, int most) {
        int looks = 0;
        while (looks < most && schedule.nextDue(Simulation.BEGIN) <= Simulation.BEGIN) {
            schedule.turn(Simulation.BEGIN);
            for (Effect effect = schedule.poll(); effect != null; effect = schedule.poll()) {
                if (effect instanceof Effect.ReadRecipients(Walk walk, int limit) && limit > 0) {
                    looks++;
                    long number = walk.pass().message();
                    String address = "user@" + (number >= 1_000_000 ? "far" : "dead") + number % 1_000 + ".test";
                    schedule.page(
                            walk,
                            Simulation.BEGIN,
                            "ann@here",
                            new RecipientPage(List.of(new Recipient(0, address)), RecipientPage.END));
                    schedule.goOn(Simulation.BEGIN);
                } else if (effect instanceof Effect.Start(Delivery delivery) && delivery.message() == letter) {
                    return looks;
                }
            }
        }
        return looks;
    }

    @Test
    void aMillionMessagesThatWaitOnBothChannelsCostAHundredBytesEachOrSo() {
        int messages = 1_000_000;
        Schedule schedule = new Schedule(10, 20, LIFETIME, 1);
        long before = usedMemory();
        for (int i = 0; i < messages; i++) {
            schedule.prepared(i, OptionalLong.of(1000 + i % 777), OptionalLong.of(2000 + i % 999));
        }
        long each = (usedMemory() - before) / messages;
        assertThat(schedule.nextDue(0)).isEqualTo(1000);
        assertThat(each).isLessThan(110);
        Schedule remoteOnly = new Schedule(10, 20, LIFETIME, 1);
        before = usedMemory();
        for (int i = 0; i < messages; i++) {
            remoteOnly.prepared(i, OptionalLong.empty(), OptionalLong.of(2000 + i % 999));
        }
        each = (usedMemory() - before) / messages;
        assertThat(remoteOnly.nextDue(0)).isEqualTo(2000);
        assertThat(each).isLessThan(30);
    }

    @Test
    void whateverHappensEverybodyIsTriedUntilDoneAndNobodyTwiceAtATime() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Simulation mail = new Simulation(
                    random.nextInt(1, 12),
                    random.nextInt(1, 30),
                    20_000,
                    seed % 2 == 0 ? ScheduleBounds.USUAL : new ScheduleBounds(20, 3, 9, 7, 5, 2, 2),
                    delivery -> new Simulation.Answer(
                            random.nextInt(100) == 0 ? 2000 : random.nextInt(3),
                            switch (random.nextInt(4)) {
                                case 0 -> DEFERRED;
                                case 1 -> new Outcome.Failed("no\n");
                                default -> DELIVERED;
                            }));
            for (int burst = 0; burst < 20; burst++) {
                for (int i = random.nextInt(60); i > 0; i--) {
                    mail.accept(Simulation.someAddresses(random));
                }
                mail.runFor(random.nextInt(300));
                if (random.nextInt(5) == 0) {
                    mail.schedule.alarm(mail.now());
                }
            }
            mail.runToTheEnd();
            assertThat(mail.queue.messages()).as("seed %d", seed).isEmpty();
            assertThat(mail.schedule.underway()).isZero();
            assertThat(mail.schedule.nextDue(mail.now())).isEqualTo(Long.MAX_VALUE);
            assertEveryDeliveryHasTheNextNumber(mail);
        }
    }

    private static void assertEveryDeliveryHasTheNextNumber(Simulation mail) {
        assertThat(mail.attempts.stream().map(Simulation.Attempt::number).toList())
                .isEqualTo(
                        LongStream.rangeClosed(1, mail.attempts.size()).boxed().toList());
    }

    private static List<String> addresses(int count, String pattern) {
        return IntStream.range(0, count).mapToObj(pattern::formatted).toList();
    }

    private static Effect effect(Schedule schedule) {
        Effect effect = schedule.poll();
        assertThat(effect).isNotNull();
        return Objects.requireNonNull(effect);
    }

    private static long usedMemory() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
