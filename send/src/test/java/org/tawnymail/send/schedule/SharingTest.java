package org.tawnymail.send.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Outcome;

/** Recipients of one message at one host who share a delivery. */
class SharingTest {

    private static final long LIFETIME = 604_800;
    private static final int TOGETHER = 50;
    private static final Outcome DELIVERED = new Outcome.Delivered("ok\n");
    private static final Outcome DEFERRED = new Outcome.Deferred("later\n");
    private static final Outcome FAILED = new Outcome.Failed("no\n");

    private final Simulation mail = sharing(20, delivery -> new Simulation.Answer(1, DELIVERED));

    private static Simulation sharing(int slots, Function<Delivery, Simulation.Answer> world) {
        return new Simulation(10, slots, LIFETIME, TOGETHER, ScheduleBounds.USUAL, world);
    }

    @Test
    void tenThousandAtTwoHundredHostsAreTwoHundredDeliveriesOfFifty() {
        mail.accept(addresses(10_000, i -> "user" + i + "@host" + i % 200 + ".test"));
        mail.runToTheEnd();
        assertThat(mail.deliveries).hasSize(200).allMatch(delivery -> delivery.size() == TOGETHER);
        assertEverybodyWasTriedOnce(10_000);
    }

    @Test
    void eachRecipientHasANumberOfItsOwnAndADeliveryUsesOneSlot() {
        mail.accept(addresses(120, i -> "user" + i + "@far.test"));
        mail.accept("kim@near.test");
        mail.runFor(0);
        assertThat(mail.deliveries.stream().map(Delivery::number)).containsExactly(1L, 51L, 52L);
        assertThat(mail.deliveries.get(2).size()).isEqualTo(TOGETHER);
        assertThat(mail.mostRemote).isEqualTo(3);
    }

    @Test
    void onlyTheSameHostCountsInWhateverLettersItIsWritten() {
        mail.accept("a@far.test", "b@near.test", "c@FAR.test", "d@sub.far.test");
        mail.runFor(0);
        assertThat(mail.deliveries.stream().map(SharingTest::addresses))
                .containsExactlyInAnyOrder(
                        List.of("a@far.test", "c@FAR.test"), List.of("b@near.test"), List.of("d@sub.far.test"));
    }

    @Test
    void recipientsWithSendersOfTheirOwnAndMailboxesNeverShare() {
        mail.acceptFrom("list-owner-@here-@[]", addresses(100, i -> "user" + i + "@far.test"));
        mail.accept("ann@here", "ann@here", "ANN@here");
        mail.runToTheEnd();
        assertThat(mail.deliveries).hasSize(103).allMatch(delivery -> delivery.size() == 1);
    }

    @Test
    void messagesNeverShare() {
        for (int i = 0; i < 10; i++) {
            mail.accept("user" + i + "@far.test");
        }
        mail.runToTheEnd();
        assertThat(mail.deliveries).hasSize(10);
    }

    @Test
    void whatASharedDeliveryDefersIsTriedByItself() {
        Simulation mail = sharing(20, delivery -> new Simulation.Answer(1, delivery.size() > 1 ? DEFERRED : DELIVERED));
        mail.accept(addresses(10, i -> "user" + i + "@far.test"));
        mail.runToTheEnd();
        assertThat(mail.deliveries.stream().map(Delivery::size)).containsExactly(10, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        assertThat(mail.deliveries.get(1).pass().nextTry()).isGreaterThan(Simulation.BEGIN + 400);
        assertThat(mail.attempts.get(10).at()).isEqualTo(Simulation.BEGIN + 400);
        assertThat(mail.concluded).hasSize(1);
    }

    @Test
    void eachRecipientHasAnOutcomeOfItsOwn() {
        List<Outcome> outcomes = List.of(DELIVERED, DEFERRED, FAILED);
        Simulation mail = sharing(
                20,
                delivery -> delivery.size() == 3
                        ? new Simulation.Answer(1, outcomes)
                        : new Simulation.Answer(1, DELIVERED));
        mail.accept("a@far.test", "b@far.test", "c@far.test");
        mail.runFor(10);
        assertThat(mail.reports).containsExactly("Delivered ok\n", "Deferred later\n", "Failed no\n");
        mail.runToTheEnd();
        assertThat(mail.attempts).extracting(Simulation.Attempt::address).endsWith("b@far.test");
        assertThat(mail.attempts).hasSize(4);
        assertThat(mail.concluded).hasSize(1);
    }

    @Test
    void aDeliveryToManyIsOneOfItsHostsShare() {
        Simulation mail = sharing(20, delivery -> new Simulation.Answer(3, DELIVERED));
        mail.accept("kim@big.test");
        mail.runFor(5);
        mail.accept(addresses(5_000, i -> "user" + i + "@big.test"));
        for (int i = 0; i < 200; i++) {
            mail.accept("user@host" + i + ".test");
        }
        mail.runFor(6);
        assertThat(mail.underway.get("big.test")).isEqualTo(5);
        mail.runToTheEnd();
        assertThat(mail.deliveries).hasSize(1 + 100 + 200);
    }

    @Test
    void fewWideLettersAreHeldAtATimeAndAllReachEverybodyOnce() {
        int letters = 2 * ScheduleBounds.USUAL.held() / ScheduleBounds.USUAL.wide();
        for (int i = 0; i < letters; i++) {
            mail.accept(addresses(20_000, j -> "user" + j + "@host" + j % 400 + ".test"));
        }
        mail.runToTheEnd();
        assertEverybodyWasTriedOnce(letters * 20_000);
        assertThat(mail.deliveries).hasSizeLessThan(letters * 20_000 / 4);
    }

    @Test
    void whateverHappensEverybodyIsTriedUntilDoneAndNobodyTwiceAtATime() {
        for (int seed = 0; seed < 10; seed++) {
            Random random = new Random(seed);
            Simulation mail = new Simulation(
                    random.nextInt(1, 12),
                    random.nextInt(1, 30),
                    20_000,
                    random.nextInt(1, 20),
                    seed % 2 == 0 ? ScheduleBounds.USUAL : new ScheduleBounds(40, 3, 17, 7, 5, 2, 2),
                    delivery -> new Simulation.Answer(
                            random.nextInt(50) == 0 ? 2000 : random.nextInt(3),
                            IntStream.range(0, delivery.size())
                                    .mapToObj(i -> someOutcome(random))
                                    .toList()));
            for (int burst = 0; burst < 20; burst++) {
                for (int i = random.nextInt(40); i > 0; i--) {
                    mail.acceptFrom(
                            random.nextInt(5) == 0 ? "l-@here-@[]" : "ann@here", Simulation.someAddresses(random));
                }
                mail.runFor(random.nextInt(300));
            }
            mail.runToTheEnd();
            assertThat(mail.queue.messages()).as("seed %d", seed).isEmpty();
            assertThat(mail.schedule.underway()).isZero();
            assertThat(mail.schedule.nextDue(mail.now())).isEqualTo(Long.MAX_VALUE);
            assertThat(mail.attempts.stream().map(Simulation.Attempt::number).toList())
                    .isEqualTo(LongStream.rangeClosed(1, mail.attempts.size())
                            .boxed()
                            .toList());
        }
    }

    private void assertEverybodyWasTriedOnce(int recipients) {
        Set<String> tried = new HashSet<>();
        mail.attempts.forEach(attempt -> tried.add(attempt.message() + attempt.address()));
        assertThat(mail.attempts).hasSize(recipients);
        assertThat(tried).hasSize(recipients);
    }

    private static Outcome someOutcome(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> DEFERRED;
            case 1 -> FAILED;
            default -> DELIVERED;
        };
    }

    private static List<String> addresses(Delivery delivery) {
        return IntStream.range(0, delivery.size()).mapToObj(delivery::address).toList();
    }

    private static List<String> addresses(int count, IntFunction<String> address) {
        return IntStream.range(0, count).mapToObj(address).toList();
    }
}
