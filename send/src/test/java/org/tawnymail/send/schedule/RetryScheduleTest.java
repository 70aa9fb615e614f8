package org.tawnymail.send.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Outcome;
import org.tawnymail.queue.Channel;

class RetryScheduleTest {

    private static final long LIFETIME = 604_800;
    private static final long BIRTH = Simulation.BEGIN;

    @Test
    void aMailboxHereIsTriedAtTheTimesOfTheTableAndForTheLastTimeAfterAWeek() {
        List<Long> ages = agesOfAttempts("ghost@here");
        assertThat(ages.subList(0, 11))
                .containsExactly(0L, 100L, 400L, 900L, 1600L, 2500L, 3600L, 4900L, 6400L, 8100L, 10000L);
        assertThat(ages).isEqualTo(squares(10, 78, 608_400L));
    }

    @Test
    void anotherHostIsTriedAtTheTimesOfTheTableAndForTheLastTimeAfterAWeek() {
        List<Long> ages = agesOfAttempts("kim@far.test");
        assertThat(ages.subList(0, 11))
                .containsExactly(0L, 400L, 1600L, 3600L, 6400L, 10000L, 14400L, 19600L, 25600L, 32400L, 40000L);
        assertThat(ages).isEqualTo(squares(20, 39, 608_400L));
    }

    @Test
    void anAttemptThatComesLateIsFollowedByTheNextWholeStep() {
        assertThat(RetrySchedule.nextTry(Channel.LOCAL, BIRTH, BIRTH + 99)).isEqualTo(BIRTH + 19 * 19);
        assertThat(RetrySchedule.nextTry(Channel.LOCAL, BIRTH, BIRTH + 100)).isEqualTo(BIRTH + 20 * 20);
        assertThat(RetrySchedule.nextTry(Channel.REMOTE, BIRTH, BIRTH + 1_000_000))
                .isEqualTo(BIRTH + 1020 * 1020);
    }

    @Test
    void aMessageFromTheFutureOfTheClockIsTriedAtItsFirstStep() {
        assertThat(RetrySchedule.nextTry(Channel.LOCAL, BIRTH, BIRTH - 5000)).isEqualTo(BIRTH + 100);
        assertThat(RetrySchedule.isLastTry(BIRTH, BIRTH - 5000, 0)).isFalse();
    }

    @Test
    void theRootIsWholeAndExactForEverySquare() {
        for (long root = 0; root < 200_000; root += 7) {
            long square = root * root;
            assertThat(RetrySchedule.nextTry(Channel.LOCAL, 0, square)).isEqualTo((root + 10) * (root + 10));
            if (root > 0) {
                assertThat(RetrySchedule.nextTry(Channel.LOCAL, 0, square - 1)).isEqualTo((root + 9) * (root + 9));
            }
        }
    }

    @Test
    void anAttemptIsTheLastOneOnlyAfterTheLifetimeNotAtItsEnd() {
        assertThat(RetrySchedule.isLastTry(BIRTH, BIRTH + LIFETIME, LIFETIME)).isFalse();
        assertThat(RetrySchedule.isLastTry(BIRTH, BIRTH + LIFETIME + 1, LIFETIME))
                .isTrue();
        assertThat(RetrySchedule.isLastTry(BIRTH, BIRTH + LIFETIME, Long.MAX_VALUE))
                .isFalse();
    }

    private static List<Long> agesOfAttempts(String recipient) {
        Simulation month = new Simulation(
                10, 20, LIFETIME, delivery -> new Simulation.Answer(0, new Outcome.Deferred("Not now.\n")));
        long message = month.accept(recipient);
        month.runFor(30 * 86_400L);
        assertThat(month.concluded).containsExactly(message);
        assertThat(month.reports.getLast()).isEqualTo("""
                        Failed Not now.
                        I'm not going to try again; this message has been in the queue too long.
                        """);
        assertThat(month.reports.subList(0, month.reports.size() - 1)).containsOnly("Deferred Not now.\n");
        List<Long> ages = new ArrayList<>();
        month.attempts.forEach(attempt -> ages.add(attempt.at() - Simulation.BEGIN));
        return ages;
    }

    private static List<Long> squares(long step, int attempts, long last) {
        List<Long> ages = new ArrayList<>();
        for (long k = 0; k < attempts; k++) {
            ages.add(step * k * step * k);
        }
        ages.add(last);
        return ages;
    }
}
