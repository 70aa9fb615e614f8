package org.tawnymail.send.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.tawnymail.base.Outcome;

/**
 * No starvation: what slow hosts, slow mailboxes and letters to many cost the mail of others, in simulated seconds. The
 * channels are those of qmail's defaults, ten slots here and twenty to other hosts, unless a test says otherwise. All of it
 * holds whether recipients of one host share deliveries or not.
 */
@ParameterizedClass
@ValueSource(ints = {1, 50})
class FairnessTest {

    private static final long LIFETIME = 604_800;
    private static final Outcome DELIVERED = new Outcome.Delivered("ok\n");
    private static final Outcome DEFERRED = new Outcome.Deferred("later\n");
    private static final Simulation.Answer ONE_SECOND = new Simulation.Answer(1, DELIVERED);

    /** As long as qmail-remote waits for a connection. */
    private static final int TIMEOUT = 60;

    private static final Simulation.Answer TIMED_OUT = new Simulation.Answer(TIMEOUT, DEFERRED);

    private final int together;
    private final Simulation mail;

    FairnessTest(int together) {
        this.together = together;
        mail = simulation(20, FairnessTest::world);
    }

    private Simulation simulation(int remote, Function<Delivery, Simulation.Answer> world) {
        return new Simulation(10, remote, LIFETIME, together, ScheduleBounds.USUAL, world);
    }

    @Test
    void aLetterToAHundredThousandDelaysAnotherByTwoDeliveriesAtMost() {
        mail.accept(addresses(100_000, "user@host%d.test"));
        for (int i = 0; i < 100; i++) {
            mail.runFor(10);
            long before = mail.attempts.getLast().number();
            long letter = mail.accept("kim@far" + i + ".test");
            mail.runFor(2);
            assertThat(numberOf(letter) - before).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void aLetterToTwentyThousandDeadHostsDelaysNobodyElse() {
        mail.accept(addresses(20_000, "user@dead%d.test"));
        mail.runFor(5);
        assertThat(waits(600, "kim@far%d.test")).containsOnly(0L);
    }

    @Test
    void aDeadHostWithTenThousandMessagesDelaysNobodyElse() {
        for (int i = 0; i < 10_000; i++) {
            mail.accept("user" + i + "@dead.test");
        }
        mail.runFor(5);
        assertThat(waits(600, "kim@far%d.test")).containsOnly(0L);
    }

    @Test
    void twentyDeadHostsDelayNobodyWhoWasPromptBefore() {
        mail.accept("kim@far.test");
        mail.runFor(5);
        deadHosts(20, 10_000);
        mail.runFor(5);
        assertThat(waits(600, "kim%d@far.test")).containsOnly(0L);
    }

    @Test
    void twentyDeadHostsDelayAStrangerByOneTimeoutWhenTheyAreMetAndHardlyEverAfterwards() {
        deadHosts(20, 10_000);
        assertThat(waits(60, "kim@far%d.test")).allMatch(wait -> wait <= TIMEOUT);
        assertThat(waits(60, "joe@near%d.test")).allMatch(wait -> wait <= 5);
        assertThat(waits(600, "dora@other%d.test")).containsOnly(0L);
    }

    @Test
    void aHundredThousandRetriesToADeadHostDelayNoNewMail() {
        for (int i = 0; i < 100_000; i++) {
            mail.find(0, "user@dead.test");
        }
        mail.runFor(5);
        assertThat(waits(300, "kim@far%d.test")).containsOnly(0L);
        mail.schedule.alarm(mail.now());
        assertThat(waits(300, "joe@near%d.test")).containsOnly(0L);
    }

    @Test
    void aHundredThousandRetriesToAsManyDeadHostsAfterARestartDelayNoNewMail() {
        for (int i = 0; i < 100_000; i++) {
            mail.find(0, "user@dead" + i + ".test");
        }
        mail.runFor(5);
        assertThat(waits(600, "kim@far%d.test")).containsOnly(0L);
    }

    @Test
    void tenThousandsOfLettersOfWhichSomebodyIsAtADeadHostDelayNobodyElse() {
        int letters = 2 * ScheduleBounds.USUAL.letters();
        for (int i = 0; i < letters; i++) {
            mail.accept("user" + i + "@dead.test", "user@good" + i % 100 + ".test");
        }
        mail.runFor(3 * letters / 20);
        assertThat(mail.attempts.stream()
                        .filter(attempt -> !attempt.address().endsWith("@dead.test"))
                        .count())
                .isEqualTo(letters);
        assertThat(waits(300, "kim@far%d.test")).containsOnly(0L);
    }

    @Test
    void aDeadHostAmongTheRecipientsOfALetterDoesNotHoldUpTheOthers() {
        List<String> everybody = new ArrayList<>(addresses(18_000, "user%d@good.test"));
        everybody.replaceAll(address -> address.replace("good", "good" + address.hashCode() % 300));
        mail.accept(everybody);
        long alone = secondsUntilTried(18_000);
        everybody.addAll(addresses(2_000, "user%d@dead.test"));
        Collections.shuffle(everybody, new Random(1));
        mail.attempts.clear();
        mail.accept(everybody);
        assertThat(secondsUntilTried(18_000)).isLessThan(alone * 4 / 3 + 2 * Speeds.SLOW_SECONDS);
        mail.runToTheEnd();
        assertThat(mail.concluded).hasSize(2);
    }

    @Test
    void aLetterGoesOnPastADeadHostAsSoonAsThatIsKnownToBeSlow() {
        List<String> everybody = new ArrayList<>(addresses(1_000, "user%d@dead.test"));
        everybody.addAll(addresses(100, "user%d@good.test"));
        mail.accept(everybody);
        mail.runFor(Speeds.SLOW_SECONDS + 2);
        assertThat(mail.attempts).anyMatch(attempt -> attempt.address().endsWith("@good.test"));
        mail.runFor(100);
        assertThat(mail.attempts.stream().filter(attempt -> attempt.address().endsWith("@good.test")))
                .hasSize(100);
    }

    @Test
    void aLetterToManyAtOneHostLeavesRoomForOthersWhoWriteToThatHost() {
        mail.accept(addresses(50_000, "user%d@big.test"));
        mail.accept(addresses(50_000, "user%d@other.test"));
        mail.runFor(5);
        List<Long> letters = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            letters.add(mail.accept("single" + i + "@big.test"));
        }
        long before = mail.attempts.size();
        mail.runFor(600);
        long last = mail.attempts.stream()
                .filter(attempt -> attempt.address().startsWith("single"))
                .count();
        assertThat(last).isEqualTo(letters.size());
        assertThat(mail.attempts.size() - before).isGreaterThan(10_000);
    }

    @Test
    void moreLettersThanMayBeUnderWayDelayNoMailToOne() {
        ScheduleBounds usual = ScheduleBounds.USUAL;
        ScheduleBounds few = new ScheduleBounds(
                usual.held(), usual.page(), usual.wide(), usual.sifted(), 500, usual.aside(), usual.lookedAt());
        Simulation mail = new Simulation(10, 20, LIFETIME, together, few, FairnessTest::world);
        int letters = 3 * few.letters();
        for (int i = 0; i < letters; i++) {
            mail.accept(addresses(5, "user" + i + "@host%d.test"));
        }
        mail.runFor(100);
        assertThat(waits(mail, 300, "kim@far%d.test")).allMatch(wait -> wait <= 1);
        mail.runToTheEnd();
        assertThat(mail.concluded).hasSize(letters + 300);
    }

    @Test
    void aSlowMailboxDelaysNobodyElse() {
        for (int i = 0; i < 1_000; i++) {
            mail.accept("slow@here");
        }
        mail.runFor(5);
        assertThat(waits(600, "user%d@here")).containsOnly(0L);
    }

    @Test
    void tenSlowMailboxesDelayNobodyWhoWasPromptBefore() {
        mail.accept("ann@here");
        mail.runFor(5);
        for (int i = 0; i < 1_000; i++) {
            mail.accept("slow" + i % 10 + "@here");
        }
        mail.runFor(5);
        assertThat(waits(600, "ann@here")).containsOnly(0L);
    }

    @Test
    void thoseWhoWaitForTheirTurnAtABusyHostHoldUpNobodyWhoWasPromptBefore() {
        long[] freeAt = new long[20];
        Simulation[] self = new Simulation[1];
        Simulation mail = simulation(200, delivery -> {
            if (!Simulation.key(delivery).startsWith("pool")) {
                return ONE_SECOND;
            }
            Arrays.sort(freeAt);
            long now = Objects.requireNonNull(self[0]).now();
            long wait = Math.max(0, freeAt[0] - now);
            if (wait > 30) {
                return new Simulation.Answer(30, DEFERRED);
            }
            freeAt[0] = now + wait + 10;
            return new Simulation.Answer(wait + 10, DELIVERED);
        });
        self[0] = mail;
        mail.accept("kim@far.test");
        mail.runFor(5);
        for (int i = 0; i < 20_000; i++) {
            mail.accept("user@pool" + i + ".test");
        }
        mail.runFor(5);
        assertThat(waits(mail, 600, "kim%d@far.test")).containsOnly(0L);
    }

    private static Simulation.Answer world(Delivery delivery) {
        String address = delivery.address(0);
        return Simulation.key(delivery).startsWith("dead") || address.startsWith("slow") ? TIMED_OUT : ONE_SECOND;
    }

    private void deadHosts(int hosts, int messages) {
        for (int i = 0; i < messages; i++) {
            mail.accept("user" + i + "@dead" + i % hosts + ".test");
        }
    }

    /** A message a second: how many seconds each waited for its first attempt. */
    private List<Long> waits(int seconds, String pattern) {
        return waits(mail, seconds, pattern);
    }

    private static List<Long> waits(Simulation mail, int seconds, String pattern) {
        List<Long> messages = new ArrayList<>();
        long begin = mail.now();
        for (int i = 0; i < seconds; i++) {
            messages.add(mail.accept(pattern.formatted(i)));
            mail.runFor(1);
        }
        mail.runFor(2 * TIMEOUT);
        Map<Long, Long> first = new HashMap<>();
        mail.attempts.forEach(attempt -> first.putIfAbsent(attempt.message(), attempt.at()));
        return IntStream.range(0, seconds)
                .mapToObj(i -> first.getOrDefault(messages.get(i), Long.MAX_VALUE) - begin - i)
                .toList();
    }

    /** How long it takes until so many have been tried who are not at a dead host. */
    private long secondsUntilTried(int others) {
        long begin = mail.now();
        int tried = 0;
        for (int seen = 0; tried < others; mail.runFor(10)) {
            for (; seen < mail.attempts.size(); seen++) {
                tried += mail.attempts.get(seen).address().endsWith("@dead.test") ? 0 : 1;
            }
            assertThat(mail.now() - begin).isLessThan(86_400);
        }
        return mail.now() - begin;
    }

    private long numberOf(long message) {
        return mail.attempts.stream()
                .filter(attempt -> attempt.message() == message)
                .findFirst()
                .orElseThrow()
                .number();
    }

    private static List<String> addresses(int count, String pattern) {
        return IntStream.range(0, count).mapToObj(pattern::formatted).toList();
    }
}
