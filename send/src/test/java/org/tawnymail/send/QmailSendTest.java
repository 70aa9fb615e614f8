package org.tawnymail.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Outcome;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Environment;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.QueueClient;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.send.schedule.Schedule;

class QmailSendTest {

    private static final Outcome NO_MAILBOX = new Outcome.Failed("Sorry, no mailbox here by that name. (#5.1.1)\n");
    private static final Outcome DELIVERED = new Outcome.Delivered("did 1+0+0\n");
    private static final Outcome DEFERRED = new Outcome.Deferred("not now\n");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** An attempt as the agent saw it. */
    private record Attempt(String sender, String recipient) {}

    @TempDir
    private Path home;

    private volatile Instant now = Instant.parse("2025-03-07T09:04:05Z");
    private final InstantSource clock = () -> now;
    private final MemoryQueue queue = new MemoryQueue(clock);
    private final LogCapture log = new LogCapture();
    private final BlockingQueue<Attempt> attempts = new LinkedBlockingQueue<>();
    private volatile DeliveryAgent agent = (_, message, sender, recipient) -> DELIVERED;
    private final BlockingQueue<List<String>> shared = new LinkedBlockingQueue<>();
    private final List<QmailSend> running = new ArrayList<>();
    private int mostTogether = 1;

    @BeforeEach
    void aHostOfOneName() throws IOException {
        Files.createDirectories(home.resolve("control"));
        write("me", "mail.corp.example\n");
        queue.nextNumber(4711);
        queue.nextQp(9001);
    }

    @AfterEach
    void endAll() throws InterruptedException {
        for (QmailSend send : running) {
            send.terminate(Duration.ZERO);
        }
    }

    @Test
    void theLogOfAFailedDeliveryAndItsBounceIsTheWorkedOne() throws Exception {
        agent = (_, message, sender, recipient) -> {
            queue.nextNumber(4720);
            queue.nextQp(9007);
            return recipient.startsWith("ghost") ? NO_MAILBOX : DELIVERED;
        };
        QmailSend send = start();
        queue.accept("ann@mail.corp.example", "x".repeat(238), 1042, List.of("ghost@mail.corp.example"));
        log.await("end msg 4720");
        assertThat(send.terminate(PATIENCE)).isTrue();
        assertThat(log.text()).isEqualTo(BounceMessageTest.golden("worked-log.txt"));
        assertThat(queue.messages()).isEmpty();
    }

    @Test
    void theSenderGetsABounceFromNobodyWithTheWholeMessage() throws Exception {
        write("virtualdomains", "shop.test:ann-shop\n");
        agent = (_, message, sender, recipient) -> NO_MAILBOX;
        write("concurrencylocal", "1\n");
        write("concurrencyremote", "0\n");
        start();
        queue.accept("kim@far.test", "Subject: hello\n\n\377\000end", 1042, List.of("info@shop.test"));
        log.await("new msg 4712");
        log.await("info msg 4712");
        assertThat(log.text()).contains("from <> qp 9002");
        assertThat(queue.contentText(4712))
                .startsWith(
                        "Date: 7 Mar 2025 09:04:05 -0000\nFrom: MAILER-DAEMON@mail.corp.example\nTo: kim@far.test\n")
                .contains("\n\n<info@shop.test>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n---")
                .endsWith("\n\nReturn-Path: <kim@far.test>\nSubject: hello\n\n\377\000end");
    }

    @Test
    void aBounceThatBouncesGoesToThePostmasterAndABounceOfThatIsDiscarded() throws Exception {
        agent = (_, message, sender, recipient) -> NO_MAILBOX;
        start();
        queue.accept("", "ghost@mail.corp.example");
        log.await("end msg 4712");
        assertThat(attempts)
                .containsExactly(
                        new Attempt("", "ghost@mail.corp.example"),
                        new Attempt("#@[]", "postmaster@mail.corp.example"));
        assertThat(log.text()).contains("bounce msg 4711 qp 9002\nend msg 4711\n");
        assertThat(log.text()).contains("triple bounce: discarding bounce/4712\nend msg 4712\n");
        assertThat(queue.messages()).isEmpty();
    }

    @Test
    void aListsLetterComesToEachFromASenderOfTheirOwnAndItsBounceGoesToTheList() throws Exception {
        agent = (_, message, sender, recipient) -> recipient.startsWith("ghost") ? NO_MAILBOX : DELIVERED;
        start();
        queue.accept("news-owner-@list.test-@[]", "ann@mail.corp.example", "ghost@mail.corp.example", "kim@far.test");
        log.await("end msg 4712");
        assertThat(attempts)
                .contains(
                        new Attempt("news-owner-ann=mail.corp.example@list.test", "ann@mail.corp.example"),
                        new Attempt("news-owner-kim=far.test@list.test", "kim@far.test"),
                        new Attempt("", "news-owner-@list.test"));
        assertThat(log.text()).contains("from <news-owner-@list.test-@[]>");
    }

    @Test
    void aBounceThatCannotBeInjectedIsTriedAgainAndNotLost() throws Exception {
        agent = (_, message, sender, recipient) -> recipient.startsWith("ghost") ? NO_MAILBOX : DELIVERED;
        queue.answer(new QueueResult.Refused(false, "qq write error or disk full (#4.3.0)"));
        QmailSend send = start();
        queue.accept("ann@mail.corp.example", "ghost@mail.corp.example");
        log.await("warning: trouble injecting bounce message, will try later");
        log.await("warning: the queue says: qq_write_error_or_disk_full_(#4.3.0)");
        queue.answer(new QueueResult.Accepted(0));
        assertThat(log.text()).doesNotContain("bounce msg");
        now = now.plusSeconds(Schedule.SYSTEM_FAILURE_RETRY);
        send.alarm();
        log.await("bounce msg 4711");
        log.await("end msg 4711");
        log.await("end msg 4712");
    }

    @Test
    void aBounceThatAFilterRefusesForGoodIsDiscardedWhenItsTimeIsOver() throws Exception {
        agent = (_, message, sender, recipient) -> NO_MAILBOX;
        queue.answer(new QueueResult.Refused(true, "mail server permanently rejected message (#5.3.0)"));
        QmailSend send = start();
        queue.accept("ann@mail.corp.example", "ghost@mail.corp.example");
        log.await("warning: the queue says:");
        now = now.plusSeconds(604_801);
        send.alarm();
        log.await("warning: refused for too long: discarding bounce/4711");
        log.await("end msg 4711");
        assertThat(queue.messages()).isEmpty();
    }

    @Test
    void moreBouncesThanAreWrittenAtATimeAreAllSent() throws Exception {
        agent = (_, message, sender, recipient) -> recipient.startsWith("ghost") ? NO_MAILBOX : DELIVERED;
        start();
        int messages = 10 * Bounces.MOST_AT_A_TIME;
        for (int i = 0; i < messages; i++) {
            queue.accept("ann@mail.corp.example", "ghost" + i + "@mail.corp.example");
        }
        log.await("end msg", 2 * messages);
        assertThat(log.text().lines().filter(line -> line.startsWith("bounce msg")))
                .hasSize(messages);
        assertThat(attempts.stream().filter(attempt -> attempt.recipient().equals("ann@mail.corp.example")))
                .hasSize(messages)
                .allMatch(attempt -> attempt.sender().isEmpty());
    }

    @Test
    void aDefectInTheOneThreadThatDecidesIsNotSilent() throws Exception {
        queue.explode("isRouted");
        QmailSend send = start();
        queue.accept("ann@mail.corp.example", "kim@mail.corp.example");
        assertThatThrownBy(send::awaitEnd).isInstanceOf(IllegalStateException.class);
        assertThat(log.text())
                .endsWith("alert: oh no! qmail-send broke! dying... java.lang.AssertionError:_isRouted\n");
        assertThat(send.terminate(PATIENCE)).isFalse();
    }

    @Test
    void aFullDiskKeepsMarksForLaterAndNobodyGetsTheMailTwice() throws Exception {
        queue.breakDown("done");
        QmailSend send = start();
        queue.accept("ann@mail.corp.example", "kim@mail.corp.example");
        log.await("warning: trouble marking local/4711; will try again later");
        log.await("warning: the queue says: No_space_left_on_device");
        send.alarm();
        log.await("status: local 0/10 remote 0/20", 2);
        assertThat(queue.failures()).isOne();
        queue.mend();
        now = now.plusSeconds(QueueWork.ARREARS_RETRY);
        send.alarm();
        log.await("end msg 4711");
        assertThat(attempts).hasSize(1);
    }

    @Test
    void bounceTextThatCannotBeAppendedIsAppendedLater() throws Exception {
        agent = (_, message, sender, recipient) -> recipient.startsWith("ghost") ? NO_MAILBOX : DELIVERED;
        queue.breakDown("failed");
        QmailSend send = start();
        queue.accept("ann@mail.corp.example", "ghost@mail.corp.example");
        log.await("alert: unable to append to bounce message; will try again later");
        log.await("status: local 0/10 remote 0/20", 2);
        queue.mend();
        now = now.plusSeconds(QueueWork.ARREARS_RETRY);
        send.alarm();
        log.await("bounce msg 4711");
        log.await("end msg 4712");
        assertThat(attempts).hasSize(2);
    }

    @Test
    void aMarkThatCouldNotBeMadeUntilTheEndIsToldOf() throws Exception {
        queue.breakDown("done");
        queue.breakDown("due");
        QmailSend send = start();
        queue.accept("ann@mail.corp.example", "kim@mail.corp.example");
        log.await("warning: trouble marking local/4711; will try again later");
        agent = (_, message, sender, recipient) -> DEFERRED;
        queue.accept("ann@mail.corp.example", "joe@mail.corp.example");
        log.await("delivery 2: deferral: not_now/");
        send.terminate(PATIENCE);
        assertThat(log.text())
                .contains("warning: trouble marking local/4711; message will be delivered twice!\n")
                .contains("warning: unable to utime local/4712; message will be retried too soon\n")
                .endsWith("status: exiting\n");
    }

    @Test
    void aQueueThatCannotRouteReadOrRemoveIsAskedAgainLater() throws Exception {
        QmailSend send = start();
        queue.breakDown("route");
        queue.accept("ann@mail.corp.example", "kim@mail.corp.example");
        log.await("warning: trouble reading todo/4711; will try again later");
        queue.mend();
        queue.breakDown("recipients");
        now = now.plusSeconds(Schedule.SYSTEM_FAILURE_RETRY);
        send.alarm();
        log.await("warning: trouble reading local/4711; will try again later");
        queue.mend();
        queue.breakDown("finish");
        now = now.plusSeconds(Schedule.SYSTEM_FAILURE_RETRY);
        send.alarm();
        log.await("warning: unable to unlink mess/4711; will try again later");
        queue.mend();
        now = now.plusSeconds(Schedule.SYSTEM_FAILURE_RETRY);
        send.alarm();
        log.await("end msg 4711");
        assertThat(attempts).hasSize(1);
    }

    @Test
    void aBounceIsNotSentTwiceWhenItsMessageCannotBeRemoved() throws Exception {
        agent = (_, message, sender, recipient) -> recipient.startsWith("ghost") ? NO_MAILBOX : DELIVERED;
        queue.breakDown("bounceSent");
        QmailSend send = start();
        queue.accept("ann@mail.corp.example", "ghost@mail.corp.example");
        log.await("warning: unable to unlink mess/4711; will try again later");
        queue.mend();
        now = now.plusSeconds(Schedule.SYSTEM_FAILURE_RETRY);
        send.alarm();
        log.await("end msg 4711");
        log.await("end msg 4712");
        assertThat(attempts).hasSize(2);
    }

    @Test
    void recipientsThatShareATransactionHaveLinesAndOutcomesOfTheirOwn() throws Exception {
        share(10);
        agent = (_, message, sender, recipient) -> switch (recipient.charAt(0)) {
            case 'g' -> new Outcome.Failed("never\n");
            case 'l' -> DEFERRED;
            default -> DELIVERED;
        };
        QmailSend send = start();
        queue.accept("ann@mail.corp.example", "ann@far.test", "late@far.test", "ghost@FAR.test", "gill@far.test");
        log.await("status: local 0/10 remote 0/20", 2);
        assertThat(log.text().lines().skip(3)).containsExactly("""
                starting delivery 1: msg 4711 to remote ann@far.test
                starting delivery 2: msg 4711 to remote late@far.test
                starting delivery 3: msg 4711 to remote ghost@FAR.test
                starting delivery 4: msg 4711 to remote gill@far.test
                status: local 0/10 remote 1/20
                delivery 1: success: did_1+0+0/
                delivery 2: deferral: not_now/
                delivery 3: failure: never/
                delivery 4: failure: never/
                status: local 0/10 remote 0/20
                """.split("\n"));
        agent = (_, message, sender, recipient) -> DELIVERED;
        now = now.plusSeconds(400);
        send.alarm();
        log.await("starting delivery 5: msg 4711 to remote late@far.test");
        log.await("end msg 4711");
        assertThat(shared).hasSize(1);
        log.await("end msg 4712");
        assertThat(attempts)
                .filteredOn(attempt -> attempt.sender().isEmpty())
                .containsExactly(new Attempt("", "ann@mail.corp.example"));
    }

    @Test
    void theBounceOfASharedTransactionNamesEachWhoFailed() throws Exception {
        share(10);
        agent = (_, message, sender, recipient) -> new Outcome.Failed("never\n");
        write("concurrencylocal", "0\n");
        start();
        queue.accept("ann@mail.corp.example", "ghost@far.test", "gill@far.test");
        log.await("info msg 4712");
        assertThat(queue.contentText(4712)).contains("\n\n<ghost@far.test>:\nnever\n\n<gill@far.test>:\nnever\n\n---");
    }

    @Test
    void recipientsWithSendersOfTheirOwnShareNothing() throws Exception {
        share(10);
        start();
        queue.accept("news-owner-@list.test-@[]", "kim@far.test", "joe@far.test");
        log.await("end msg 4711");
        assertThat(shared).isEmpty();
        assertThat(attempts)
                .containsExactlyInAnyOrder(
                        new Attempt("news-owner-kim=far.test@list.test", "kim@far.test"),
                        new Attempt("news-owner-joe=far.test@list.test", "joe@far.test"));
    }

    @Test
    void whatMakesDeliveriesOneByOneIsNotAskedForMore() throws Exception {
        share(10);
        mostTogether = 1;
        start();
        queue.accept("ann@mail.corp.example", "kim@far.test", "joe@far.test");
        log.await("end msg 4711");
        assertThat(shared).isEmpty();
        assertThat(attempts).hasSize(2);
    }

    @Test
    void aSharedTransactionThatBreaksDefersTheMailOfAll() throws Exception {
        share(10);
        agent = (_, message, sender, recipient) -> {
            throw new IllegalStateException("no way");
        };
        start();
        queue.accept("ann@mail.corp.example", "kim@far.test", "joe@far.test");
        log.await("status: local 0/10 remote 0/20", 2);
        assertThat(log.text())
                .contains("alert: delivery 1 broke: java.lang.IllegalStateException:_no_way\n")
                .contains(
                        "delivery 1: deferral: qmail-remote_crashed./\ndelivery 2: deferral: qmail-remote_crashed./\n");
    }

    @Test
    void marksOfASharedTransactionThatCannotBeMadeAreMadeLaterAndItsFailuresToldOnce() throws Exception {
        share(10);
        agent = (_, message, sender, recipient) ->
                recipient.startsWith("ghost") ? new Outcome.Failed("never\n") : DELIVERED;
        write("concurrencylocal", "0\n");
        queue.breakDown("done");
        QmailSend send = start();
        queue.accept("ann@mail.corp.example", "kim@far.test", "ghost@far.test");
        log.await("warning: trouble marking remote/4711; will try again later");
        queue.mend();
        now = now.plusSeconds(QueueWork.ARREARS_RETRY);
        send.alarm();
        log.await("info msg 4712");
        assertThat(attempts).hasSize(2);
        assertThat(queue.contentText(4712)).containsOnlyOnce("<ghost@far.test>:");
    }

    private void share(int most) throws IOException {
        write("maxrcptremote", most + "\n");
        mostTogether = Integer.MAX_VALUE;
    }

    @Test
    void anAgentThatBreaksDefersTheMail() throws Exception {
        agent = (_, message, sender, recipient) -> {
            throw new IllegalStateException("no\nway");
        };
        start();
        queue.accept("ann@mail.corp.example", "kim@mail.corp.example", "kim@far.test");
        log.await("status: local 0/10 remote 0/20", 2);
        assertThat(log.text())
                .contains("alert: delivery 1 broke: java.lang.IllegalStateException:_no/way\n")
                .contains("delivery 1: deferral: qmail-local_crashed./\n")
                .contains("delivery 2: deferral: qmail-remote_crashed./\n");
    }

    @Test
    void aMessageThatCannotBeOpenedIsDeferred() throws Exception {
        queue.breakDown("content");
        start();
        queue.accept("ann@mail.corp.example", "kim@mail.corp.example");
        log.await("delivery 1: deferral: qmail-spawn_unable_to_open_message._(#4.3.0)/");
    }

    @Test
    void aNewMessageWhoseEnvelopeIsDamagedIsSetAsideAndNotTriedForEver() throws Exception {
        queue.damage("envelope");
        QmailSend send = start();
        queue.accept("ann@mail.corp.example", "kim@mail.corp.example");
        log.await("alert: msg 4711 is damaged and cannot be delivered; see queue/damaged");
        assertThat(queue.setAside()).containsExactly(4711L);
        queue.mend();
        queue.accept("ann@mail.corp.example", "kim@mail.corp.example");
        log.await("end msg 4712");
        now = now.plusSeconds(Schedule.SYSTEM_FAILURE_RETRY);
        send.alarm();
        queue.accept("ann@mail.corp.example", "kim@mail.corp.example");
        log.await("end msg 4713");
        assertThat(log.text()).doesNotContain("will try again later");
    }

    @Test
    void anOldMessageWhoseEnvelopeIsDamagedIsSetAsideOnceForBothChannels() throws Exception {
        agent = (_, message, sender, recipient) -> DEFERRED;
        QmailSend before = start();
        queue.accept("ann@mail.corp.example", "kim@mail.corp.example", "kim@far.test");
        log.await("status: local 0/10 remote 0/20", 2);
        before.terminate(PATIENCE);
        queue.restart();
        queue.damage("envelope");
        QmailSend send = start();
        now = now.plusSeconds(10_000);
        send.alarm();
        log.await("end msg 4711");
        assertThat(queue.setAside()).containsExactly(4711L);
        assertThat(log.text().split("alert: msg 4711 is damaged", -1)).hasSize(2);
        queue.mend();
        now = now.plusSeconds(10_000);
        send.alarm();
        agent = (_, message, sender, recipient) -> DELIVERED;
        queue.accept("ann@mail.corp.example", "kim@mail.corp.example");
        log.await("end msg 4712");
        assertThat(log.text()).doesNotContain("will try again later");
    }

    @Test
    void theSenderOfAMessageWhoseTextIsDamagedIsToldWhenItsTimeIsOver() throws Exception {
        queue.damage("text");
        agent = (_, message, sender, recipient) -> {
            try (var in = message.open()) {
                in.rewind();
                return DELIVERED;
            } catch (IOException damaged) {
                return new Outcome.Deferred("unable to open message. (#4.3.0)\n");
            }
        };
        QmailSend send = start();
        long message = queue.accept("far@away.test", "kim@mail.corp.example");
        log.await("delivery 1: deferral: unable_to_open_message._(#4.3.0)/");
        now = now.plus(Duration.ofDays(8));
        send.alarm();
        log.await("bounce msg " + message);
        log.await("end msg " + message);
        assertThat(queue.contentText(message + 1))
                .contains("<kim@mail.corp.example>:\nunable to open message. (#4.3.0)\nI'm not going to try again;")
                .endsWith("\nThe copy ends here: the message was damaged on the disk of this host.\n");
    }

    @Test
    void ofALongReportTenThousandBytesAreKeptAndNothingAfterANul() throws Exception {
        agent = (_, message, sender, recipient) ->
                new Outcome.Deferred(recipient.startsWith("nul") ? "one\0two" : "x".repeat(20_000));
        start();
        queue.accept("ann@mail.corp.example", "kim@mail.corp.example", "nul@mail.corp.example");
        log.await("status: local 0/10 remote 0/20", 2);
        assertThat(log.text()).contains(": deferral: one\n").contains(": deferral: " + "x".repeat(10_000) + "\n");
    }

    @Test
    void aHangupChangesTheWayOfNewMailOnly() throws Exception {
        agent = (_, message, sender, recipient) -> DEFERRED;
        QmailSend send = start();
        queue.accept("ann@mail.corp.example", "kim@new.example");
        log.await("starting delivery 1: msg 4711 to remote kim@new.example");
        write("locals", "new.example\n");
        send.hangup();
        queue.accept("ann@mail.corp.example", "joe@new.example");
        log.await("starting delivery 2: msg 4712 to local joe@new.example");
        Files.createDirectory(home.resolve("control/virtualdomains"));
        send.hangup();
        log.await("alert: unable to reread control/virtualdomains");
        log.await("delivery 1: deferral");
        log.await("delivery 2: deferral");
        send.alarm();
        log.await("starting delivery", 4);
        assertThat(log.text())
                .contains(": msg 4711 to remote kim@new.example\n")
                .doesNotContain("msg 4711 to local");
    }

    @Test
    void aTermWaitsForDeliveriesStartsNothingMoreAndStoresWhenMailIsDue() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        write("concurrencylocal", "1\n");
        agent = (_, message, sender, recipient) -> {
            await(stopped);
            return recipient.startsWith("ghost") ? NO_MAILBOX : DEFERRED;
        };
        QmailSend send = start();
        queue.accept("ann@mail.corp.example", "ghost@mail.corp.example");
        queue.accept("ann@mail.corp.example", "later@mail.corp.example");
        queue.accept("ann@mail.corp.example", "kim@far.test");
        log.await("starting delivery 2");
        Thread test = Thread.currentThread();
        Thread release = Thread.startVirtualThread(() -> {
            while (test.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            stopped.countDown();
        });
        assertThat(send.terminate(PATIENCE)).isTrue();
        release.join();
        assertThat(log.text())
                .endsWith("status: exiting\n")
                .contains("/1 remote 0/20 exitasap\n")
                .contains("bounce msg 4711")
                .contains("end msg 4711\n");
        assertThat(attempts).hasSize(2);
        assertThat(queue.messages()).containsExactly(4712L, 4713L, 4714L);
        assertThat(queue.due(4713, Channel.REMOTE)).hasValue(now.getEpochSecond() + 400);
        send.awaitEnd();

        queue.restart();
        agent = (_, message, sender, recipient) -> DELIVERED;
        QmailSend next = start();
        log.await("end msg 4712");
        log.await("end msg 4714");
        assertThat(queue.messages()).containsExactly(4713L);
        now = now.plusSeconds(400);
        next.alarm();
        log.await("end msg 4713");
    }

    @Test
    void aTermDoesNotWaitForADeliveryBeyondItsPatience() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        agent = (_, message, sender, recipient) -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return DELIVERED;
        };
        QmailSend send = start();
        queue.accept("ann@mail.corp.example", "kim@mail.corp.example");
        log.await("starting delivery 1");
        assertThat(send.terminate(Duration.ZERO)).isFalse();
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(log.text()).endsWith("""
                        warning: 1 deliveries are still under way; their messages may be delivered twice
                        status: exiting
                        """);
        assertThat(queue.messages()).containsExactly(4711L);
    }

    @Test
    void withoutANameThereIsNoStartAndOneLineSaysWhy() throws IOException {
        Files.delete(home.resolve("control/me"));
        assertThatThrownBy(this::create)
                .isInstanceOfSatisfying(
                        Complaint.class,
                        complaint -> assertThat(complaint.exitCode()).isEqualTo(111))
                .hasMessageStartingWith("alert: cannot start: unable to read controls: ")
                .hasMessageContaining("control/me");
        assertThat(log.text()).isEqualTo("alert: cannot start: unable to read controls\n");
    }

    @Test
    void theBoundsAndNamesAreThoseOfTheControlFiles() throws Exception {
        write("concurrencylocal", "3 and a word\n");
        write("concurrencyremote", "100000\n");
        write("bouncefrom", "mailer daemon\n");
        write("bouncehost", "bounces.example\n");
        write("doublebounceto", "root@elsewhere\n");
        write("doublebouncehost", "corp.example\n");
        write("queuelifetime", "10\n");
        write("maxrcptremote", "5000\n");
        assertThat(SendSettings.read(controls()))
                .isEqualTo(new SendSettings(
                        "mailer daemon", "bounces.example", "root@elsewhere@corp.example", 3, 2000, 10, 1000));
        start();
        log.await("status: local 0/3 remote 0/2000");
    }

    @Test
    void withoutControlFilesTheNamesAreThatOfTheHostOrTheirOwn() throws Exception {
        assertThat(SendSettings.read(controls()))
                .isEqualTo(new SendSettings(
                        "MAILER-DAEMON", "mail.corp.example", "postmaster@mail.corp.example", 10, 20, 604_800, 1));
        write("me", "");
        assertThat(SendSettings.read(controls()))
                .isEqualTo(new SendSettings("MAILER-DAEMON", "", "postmaster@", 10, 20, 604_800, 1));
        assertThat(SendSettings.read(new ControlFiles(home.resolve("no-such-directory"))))
                .isEqualTo(new SendSettings(
                        "MAILER-DAEMON", "bouncehost", "postmaster@doublebouncehost", 10, 20, 604_800, 1));
    }

    @Test
    void anIdleServerStartsADeliveryAtOnce() throws Exception {
        BlockingQueue<String> started = new LinkedBlockingQueue<>();
        agent = (_, message, sender, recipient) -> {
            started.add(recipient);
            return DELIVERED;
        };
        start();
        for (int i = 0; i < 300; i++) {
            log.await("end msg", i);
            queue.accept("ann@mail.corp.example", "kim@mail.corp.example");
            // Unless it is woken, it looks at its clock once a minute.
            assertThat(started.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("kim@mail.corp.example");
        }
    }

    @Test
    void newMailDoesNotWaitBehindAllThatIsFoundAtTheStart() throws Exception {
        int found = 5_000;
        for (int i = 0; i < found; i++) {
            queue.accept("ann@mail.corp.example", "user" + i + "@mail.corp.example");
        }
        long fresh;
        synchronized (queue) {
            start();
            fresh = queue.accept("ann@mail.corp.example", "kim@mail.corp.example");
        }
        log.await("end msg " + fresh);
        assertThat(log.text()
                        .lines()
                        .takeWhile(line -> !line.equals("new msg " + fresh))
                        .filter(line -> line.startsWith("new msg ")))
                .hasSizeLessThan(found / 10);
        log.await("end msg", found + 1);
    }

    @Test
    void allOfManyMessagesAreDeliveredOnceWhileTheyArrive() throws Exception {
        write("concurrencylocal", "50\n");
        start();
        int messages = 20_000;
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            String recipient = "user" + i % 100 + "-" + i + "@mail.corp.example";
            expected.add(recipient);
            queue.accept("ann@mail.corp.example", recipient);
        }
        log.await("end msg", messages);
        List<String> delivered = new ArrayList<>();
        attempts.forEach(attempt -> delivered.add(attempt.recipient()));
        Collections.sort(expected);
        Collections.sort(delivered);
        assertThat(delivered).isEqualTo(expected);
        assertThat(queue.messages()).isEmpty();
    }

    private QmailSend start() throws IOException {
        QmailSend send = create();
        running.add(send);
        send.start();
        return send;
    }

    private QmailSend create() throws IOException {
        DeliveryAgent recording = new Recording();
        return new QmailSend(
                queue,
                new QueueClient(new Home(home), queue, new NoCommands()),
                controls(),
                Map.of(Channel.LOCAL, recording, Channel.REMOTE, recording),
                clock,
                log,
                Environment.empty());
    }

    private final class Recording implements DeliveryAgent {

        @Override
        public Outcome deliver(long number, MessageSource message, String sender, String recipient)
                throws Lost, Mangled {
            attempts.add(new Attempt(sender, recipient));
            return agent.deliver(number, message, sender, recipient);
        }

        @Override
        public List<Outcome> deliver(long number, MessageSource message, String sender, List<String> recipients)
                throws Lost, Mangled {
            shared.add(recipients);
            return DeliveryAgent.super.deliver(number, message, sender, recipients);
        }

        @Override
        public int mostTogether() {
            return mostTogether;
        }
    }

    private ControlFiles controls() {
        return new ControlFiles(home.resolve("control"));
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(home.resolve("control").resolve(name), content);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
