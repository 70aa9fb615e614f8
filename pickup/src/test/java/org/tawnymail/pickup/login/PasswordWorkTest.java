package org.tawnymail.pickup.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PasswordWorkTest {

    @Test
    void neverMoreThanTwoPasswordsAreCheckedAtOnce() throws Exception {
        PasswordWork work = new PasswordWork();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Future<Boolean>> answers = new ArrayList<>();
        try (ExecutorService logins = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                answers.add(logins.submit(() -> work.check(() -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    Pbkdf2Hash.DECOY.matches("x");
                    running.decrementAndGet();
                    return true;
                })));
            }
        }
        for (Future<Boolean> answer : answers) {
            assertThat(answer.get()).isTrue();
        }
        assertThat(most.get()).isBetween(1, PasswordWork.AT_ONCE);
    }

    @Test
    void whoWouldWaitTooLongIsSentAway() throws Exception {
        PasswordWork work = new PasswordWork(Duration.ofMillis(30));
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < PasswordWork.AT_ONCE + 1; i++) {
            assertThatThrownBy(() -> work.check(() -> {
                        never.await();
                        return true;
                    }))
                    .isInstanceOf(PasswordWork.TooBusy.class);
        }
    }
}
