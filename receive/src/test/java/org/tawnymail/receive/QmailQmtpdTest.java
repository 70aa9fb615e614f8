package org.tawnymail.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tawnymail.receive.NetstringTalk.netstring;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Timed;
import org.tawnymail.queue.QueueResult;

final class QmailQmtpdTest {

    private static final String EXAMPLE = "21:\nSubject: hi\n\nall ok\n,12:kim@far.test,25:21:ann@mail.corp.example,,";
    private static final String OK = "22:Kok 1741338245 qp 8123,";
    private static final String NOT_HERE = "66:Dsorry, that domain isn't in my list of allowed rcpthosts (#5.7.1),";
    private static final String UNUSABLE = "46:Dsorry, I can't handle that recipient (#5.1.3),";

    @TempDir
    private Path home;

    private NetstringTalk talk = new NetstringTalk(Path.of("/"));

    @BeforeEach
    void controls() throws IOException {
        talk = new NetstringTalk(home);
        Files.createDirectory(home.resolve("control"));
        control("rcpthosts", "mail.corp.example");
    }

    @Test
    void theExampleOfTheSpec() throws IOException {
        assertThat(session(EXAMPLE)).isZero();
        assertThat(talk.answers()).isEqualTo(OK);
        assertThat(talk.queue.queued)
                .containsExactly(
                        new QueueOnPaper.Queued("kim@far.test", java.util.List.of("ann@mail.corp.example"), """
                                Received: from relay.far.test (192.0.2.7)
                                  by mail.corp.example with QMTP; 7 Mar 2025 09:04:05 -0000
                                Subject: hi

                                all ok
                                """));
    }

    @Test
    void answersGoOutWhenMoreHasToBeWaitedForAndNotBefore() {
        assertThat(session(EXAMPLE + EXAMPLE, EXAMPLE.substring(0, 30), EXAMPLE.substring(30)))
                .isZero();
        assertThat(talk.answered).containsExactly("", OK + OK, OK + OK, OK + OK + OK, OK + OK + OK);
    }

    @Test
    void aSessionOfSingleOctetsIsTheSameSession() {
        assertThat(session(EXAMPLE.split("(?<=.)(?s)"))).isZero();
        assertThat(talk.answers()).isEqualTo(OK);
    }

    @Test
    void leadingZerosAndAnEmptyLengthCount() throws IOException {
        String sender = ":,";
        assertThat(session("0".repeat(90) + "3:\nx\n," + sender + "0025:021:ann@mail.corp.example,,"))
                .isEqualTo(100);
        assertThat(session("0".repeat(90) + "3:\nx\n," + sender + "0026:021:ann@mail.corp.example,,"))
                .isZero();
        assertThat(talk.answers()).isEqualTo(OK);
        assertThat(talk.queue.queued.getFirst().sender()).isEmpty();
        assertThat(talk.text()).isEqualTo("x\n");
    }

    @Test
    void linesThatEndInCrLfAreMadeToEndInLfAndOtherCrsStay() throws IOException {
        String text = "\ra\r\n\r\r\nb\rc\r\n\r";
        for (int cut = 0; cut <= text.length() + 3; cut++) {
            talk = new NetstringTalk(home);
            String whole = netstring(text) + netstring("") + netstring(netstring("ann@mail.corp.example"));
            assertThat(session(whole.substring(0, cut), whole.substring(cut))).isZero();
            assertThat(talk.text()).as("cut at %d", cut).isEqualTo("a\n\r\nb\rc\n\r");
        }
    }

    @Test
    void inLfModeEveryOctetStays() throws IOException {
        String text = "\n\r\n\0\r\rx\377\n.\n";
        assertThat(session(netstring(text) + ":," + netstring(netstring("ann@mail.corp.example"))))
                .isZero();
        assertThat(talk.text()).isEqualTo(text.substring(1));
    }

    @Test
    void everyRecipientHasItsOwnAnswerInOrder() {
        String recipients = netstring("a@mail.corp.example")
                + netstring("a@elsewhere.test")
                + netstring("a".repeat(982) + "@mail.corp.example")
                + netstring("a".repeat(981) + "@mail.corp.example")
                + netstring("a\0@mail.corp.example")
                + netstring("root")
                + netstring("");
        assertThat(session(netstring("\nx\n") + ":," + netstring(recipients))).isZero();
        assertThat(talk.answers()).isEqualTo(OK + NOT_HERE + UNUSABLE + OK + UNUSABLE + OK + OK);
        assertThat(talk.queue.queued.getFirst().recipients())
                .containsExactly("a@mail.corp.example", "a".repeat(981) + "@mail.corp.example", "root", "");
    }

    @Test
    void aRelayClientMaySendAnywhereAndGetsTheSuffixWhichCountsForTheLength() {
        talk.environment.put("RELAYCLIENT", "@fix");
        String recipients = netstring("a@elsewhere.test")
                + netstring("b".repeat(996))
                + netstring("b".repeat(995))
                + netstring("c");
        assertThat(session(netstring("\nx\n") + ":," + netstring(recipients))).isZero();
        assertThat(talk.answers()).isEqualTo(OK + UNUSABLE + OK + OK);
        assertThat(talk.queue.queued.getFirst().recipients())
                .containsExactly("a@elsewhere.test@fix", "b".repeat(995) + "@fix", "c@fix");
    }

    @Test
    void whatRefusesTheWholePackageLeavesRefusedRecipientsTheirAnswer() throws IOException {
        String recipients = netstring(netstring("a@mail.corp.example") + netstring("a@elsewhere.test"));
        control("databytes", "5");
        assertThat(session(netstring("\n12345\n") + ":," + recipients)).isZero();
        assertThat(talk.answers())
                .isEqualTo(netstring("Dsorry, that message size exceeds my databytes limit (#5.3.4)") + NOT_HERE);
        assertThat(session(netstring("\n12345\n") + netstring("k".repeat(1000)) + recipients))
                .isZero();
        assertThat(talk.answers()).isEqualTo(netstring("Dunacceptable sender (#5.1.7)") + NOT_HERE);
        assertThat(session(netstring("\nx") + netstring("k\0") + recipients)).isZero();
        assertThat(talk.answers()).isEqualTo(netstring("Dunacceptable sender (#5.1.7)") + NOT_HERE);
        assertThat(talk.queue.queued).isEmpty();
        talk.queue.answer = new QueueResult.Refused(false, "qq write error or disk full (#4.3.0)");
        assertThat(session(netstring("\nx") + netstring("k".repeat(999)) + recipients))
                .isZero();
        assertThat(talk.answers()).isEqualTo(netstring("Zqq write error or disk full (#4.3.0)") + NOT_HERE);
    }

    @Test
    void exactlyDatabytesIsAcceptedAndCountsDecodedOctets() {
        talk.environment.put("DATABYTES", "6");
        String rest = ":," + netstring(netstring("ann@mail.corp.example"));
        assertThat(session(netstring("\r12345\r\n")
                        + rest
                        + netstring("\n12345\n")
                        + rest
                        + netstring("\r123456\r\n")
                        + rest))
                .isZero();
        assertThat(talk.answers())
                .isEqualTo(OK + OK + netstring("Dsorry, that message size exceeds my databytes limit (#5.3.4)"));
    }

    @Test
    void withoutAnAcceptableRecipientNothingIsQueued() {
        assertThat(session(netstring("\nx") + ":,0:," + netstring("\nx") + ":,"
                        + netstring(netstring("a@elsewhere.test"))))
                .isZero();
        assertThat(talk.answers()).isEqualTo(NOT_HERE);
        assertThat(talk.queue.queued).isEmpty();
    }

    @Test
    void hopsDoNotCount() {
        String text = "\n" + "Received: x\n".repeat(200);
        assertThat(session(netstring(text) + ":," + netstring(netstring("root"))))
                .isZero();
        assertThat(talk.answers()).isEqualTo(OK);
    }

    @Test
    void nonsenseEndsTheSessionAndWhatCameBeforeIsAnswered() {
        String recipients = netstring(netstring("ann@mail.corp.example"));
        for (String nonsense : new String[] {
            "0:,",
            ":,",
            netstring("x\n"),
            "3:\nx\n;",
            "-3:\nx\n,",
            "3 :\nx\n,",
            netstring("\nx") + "1:a;",
            netstring("\nx") + ":," + netstring("21:ann@mail.corp.example"),
            netstring("\nx") + ":,24:21:ann@mail.corp.example,,",
            netstring("\nx") + ":,26:21:ann@mail.corp.example,,",
            netstring("\nx") + ":,25:21:ann@mail.corp.example,;",
            netstring("\nx") + ":,25:21:ann@mail.corp.example;,",
            netstring("\nx") + ":,25:99:ann@mail.corp.example,,",
            netstring("\nx") + ":,3:123,",
            "HELO x\r\n"
        }) {
            talk = new NetstringTalk(home);
            assertThat(session(EXAMPLE + nonsense)).as(nonsense).isEqualTo(100);
            assertThat(talk.answers()).as(nonsense).isEqualTo(OK);
            assertThat(talk.queue.queued).as(nonsense).hasSize(1);
        }
        assertThat(recipients).isEqualTo("25:21:ann@mail.corp.example,,");
    }

    @Test
    void aLengthThatHasPassedTwoHundredMillionAndGoesOnIsTooMuch() {
        assertThat(session("2000000009")).isZero();
        assertThat(session("2000000010")).isEqualTo(111);
        assertThat(session("200000000:\nx")).isZero();
        assertThat(session(netstring("\nx") + ":,99999999999:")).isEqualTo(111);
        assertThat(talk.queue.queued).isEmpty();
    }

    @Test
    void aSessionThatEndsAnywhereLeavesNoHalfMessage() {
        for (int length = 0; length < EXAMPLE.length(); length++) {
            talk = new NetstringTalk(home);
            assertThat(session(EXAMPLE.substring(0, length))).isZero();
            assertThat(talk.queue.queued).as("cut at %d", length).isEmpty();
            assertThat(talk.answers()).isEmpty();
        }
    }

    @Test
    void theWholeSessionHasAnHour() {
        TimedIn in = new TimedIn();
        assertThat(talk.run(talk.qmtpd(), in, new ByteArrayOutputStream())).isEqualTo(111);
        assertThat(in.limit).isBetween(Duration.ofSeconds(3590), Duration.ofSeconds(3600));
    }

    @Test
    void aClientThatDoesNotTakeItsAnswersEndsTheSession() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        assertThat(talk.run(talk.qmtpd(), new ByteArrayInputStream(Octets.of(EXAMPLE)), broken))
                .isZero();
        assertThat(talk.queue.queued).hasSize(1);
    }

    @Test
    void controlsThatCannotBeReadAreTroubleOfOurs() throws IOException {
        Files.writeString(home.resolve("control/morercpthosts.cdb"), "no cdb");
        assertThat(session(netstring("\nx") + ":," + netstring(netstring("a@b.test"))))
                .isEqualTo(111);
        assertThat(Octets.text(talk.errors.toByteArray()))
                .startsWith("qmail-qmtpd: fatal: unable to read ")
                .hasLineCount(1);
        Files.delete(home.resolve("control/rcpthosts"));
        Files.createDirectory(home.resolve("control/rcpthosts"));
        assertThat(session(EXAMPLE)).isEqualTo(111);
        assertThat(talk.queue.queued).isEmpty();
    }

    @Test
    void manyRecipientsAndAnswersPass() {
        String one = netstring("ann@mail.corp.example");
        assertThat(session(netstring("\nx") + ":," + netstring(one.repeat(20_000))))
                .isZero();
        assertThat(talk.answers()).isEqualTo(OK.repeat(20_000));
        assertThat(talk.queue.queued.getFirst().recipients()).hasSize(20_000);
    }

    @Test
    void aMillionRecipientsOfOnePackageAreEnough() {
        talk.environment.put("RELAYCLIENT", "");
        String recipients = "0:,".repeat(1_000_001);
        InputStream in = new SequenceInputStream(
                new ByteArrayInputStream(Octets.of(netstring("\nx") + ":,")),
                new ByteArrayInputStream(Octets.of(netstring(recipients))));
        assertThat(talk.run(talk.qmtpd(), in, new ByteArrayOutputStream())).isEqualTo(111);
        assertThat(talk.queue.queued).isEmpty();
    }

    private int session(String... pieces) {
        talk.answered.clear();
        return talk.run(talk.qmtpd(), pieces);
    }

    private void control(String name, String content) throws IOException {
        Files.writeString(home.resolve("control").resolve(name), content + "\n");
    }

    /** A connection on which nothing comes. */
    private static final class TimedIn extends InputStream implements Timed {

        private Duration limit = Duration.ZERO;

        @Override
        public void timeout(Duration changed) {
            limit = changed;
        }

        @Override
        public int read() throws IOException {
            throw new SocketTimeoutException("timed out");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            throw new SocketTimeoutException("timed out");
        }
    }
}
