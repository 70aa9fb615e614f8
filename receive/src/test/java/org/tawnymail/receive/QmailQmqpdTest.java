package org.tawnymail.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tawnymail.receive.NetstringTalk.netstring;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.queue.QueueResult;

final class QmailQmqpdTest {

    private static final String OK = "22:Kok 1741338245 qp 8123,";
    private static final String UNUSABLE = "51:Dsorry, I can't accept addresses like that (#5.1.3),";
    private static final String EXAMPLE =
            "73:20:Subject: hi\n\nall ok\n,12:kim@far.test,21:ann@mail.corp.example,5:a@b.c,,";

    @TempDir
    private Path home;

    private NetstringTalk talk = new NetstringTalk(Path.of("/"));

    @BeforeEach
    void talk() {
        talk = new NetstringTalk(home);
    }

    @Test
    void aRequestIsQueuedForAllItsRecipientsWhereverTheyAre() {
        assertThat(session(EXAMPLE)).isZero();
        assertThat(talk.answers()).isEqualTo(OK);
        assertThat(talk.queue.queued)
                .containsExactly(
                        new QueueOnPaper.Queued("kim@far.test", List.of("ann@mail.corp.example", "a@b.c"), """
                        Received: from relay.far.test (192.0.2.7)
                          by mail.corp.example with QMQP; 7 Mar 2025 09:04:05 -0000
                        Subject: hi

                        all ok
                        """));
    }

    @Test
    void onlyOneRequestIsTaken() {
        assertThat(session(EXAMPLE + EXAMPLE)).isZero();
        assertThat(talk.answers()).isEqualTo(OK);
        assertThat(talk.queue.queued).hasSize(1);
    }

    @Test
    void aRequestWithoutRecipientsIsQueued() {
        assertThat(session("6:0:,0:,,")).isZero();
        assertThat(talk.answers()).isEqualTo(OK);
        assertThat(talk.queue.queued.getFirst().recipients()).isEmpty();
    }

    @Test
    void addressesMayHave999OctetsAndNoNul() {
        String longest = "a".repeat(999);
        assertThat(session(netstring(":," + netstring(longest) + netstring(longest))))
                .isZero();
        assertThat(talk.answers()).isEqualTo(OK);
        for (String bad : new String[] {"a".repeat(1000), "a\0b", "\0"}) {
            talk = new NetstringTalk(home);
            for (String addresses : new String[] {
                netstring(bad),
                netstring(bad) + "1:a,",
                "1:a," + netstring(bad),
                "1:a,1:a," + netstring(bad) + "1:a,",
                netstring(bad) + netstring(bad)
            }) {
                assertThat(session(netstring("1:x," + addresses))).isZero();
                assertThat(talk.answers()).isEqualTo(UNUSABLE);
            }
            assertThat(talk.queue.queued).isEmpty();
        }
    }

    @Test
    void theQueuesRefusalIsTheAnswer() {
        talk.queue.answer = new QueueResult.Refused(true, "no thanks (#5.7.1)");
        assertThat(session(EXAMPLE)).isZero();
        assertThat(talk.answers()).isEqualTo(netstring("Dno thanks (#5.7.1)"));
        talk.queue.answer = new QueueResult.Refused(false, "qq read error (#4.3.0)");
        assertThat(session(EXAMPLE)).isZero();
        assertThat(talk.answers()).isEqualTo(netstring("Zqq read error (#4.3.0)"));
    }

    @Test
    void theOuterLengthHasAHundredOctets() {
        assertThat(session("0".repeat(97) + EXAMPLE)).isZero();
        assertThat(talk.answers()).isEqualTo(OK);
        assertThat(session("0".repeat(98) + EXAMPLE)).isEqualTo(100);
        assertThat(talk.answers()).isEmpty();
        assertThat(talk.queue.queued).hasSize(1);
    }

    @Test
    void theRequestIsExactlyFilledByWholeNetstrings() {
        for (String nonsense : new String[] {
            "5:0:,0:,,",
            "7:0:,0:,,,",
            "6:0:,0:,;",
            "8:0:,0:,0:,,",
            "9:0:,9:1,,,",
            "10:0:,0:,5:a,,",
            "3:0:,,",
            "0:,",
            ":,",
            "x",
            "1:0,",
            "bytes"
        }) {
            assertThat(session(nonsense)).as(nonsense).isEqualTo(100);
            assertThat(talk.answers()).isEmpty();
        }
        assertThat(talk.queue.queued).isEmpty();
    }

    @Test
    void aLengthThatIsTooLargeIsTooMuch() {
        assertThat(session("20000000100:")).isEqualTo(111);
        assertThat(session("1999999999:1999999980:Subject")).isZero();
        assertThat(talk.queue.queued).isEmpty();
    }

    @Test
    void aRequestThatEndsAnywhereLeavesNoHalfMessage() {
        for (int length = 0; length < EXAMPLE.length(); length++) {
            assertThat(session(EXAMPLE.substring(0, length))).isZero();
            assertThat(talk.answers()).isEmpty();
        }
        assertThat(talk.queue.queued).isEmpty();
    }

    private int session(String... pieces) {
        talk.answered.clear();
        return talk.run(talk.qmqpd(), pieces);
    }
}
