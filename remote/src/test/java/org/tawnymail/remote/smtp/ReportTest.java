package org.tawnymail.remote.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;
import org.tawnymail.base.Outcome;

class ReportTest {

    private static final Outcome DELIVERED = new Outcome.Delivered("1.2.3.4 accepted message.\n");
    private static final Outcome GIVING_UP = new Outcome.Failed("Giving up on 1.2.3.4.\n");
    private static final Outcome DIED = new Outcome.Deferred("Connected to 1.2.3.4 but connection died. (#4.4.2)\n");
    private static final Report.Verdict ACCEPTED = new Report.Verdict.Accepted("");
    private static final Report.Verdict REFUSED = new Report.Verdict.Refused("1.2.3.4 does not like recipient.\n");
    private static final Report.Verdict POSTPONED = new Report.Verdict.Postponed("1.2.3.4 does not like recipient.\n");

    @Test
    void itIsRecordsThatNulEnds() {
        Report report = new Report(List.of(ACCEPTED, REFUSED, POSTPONED), DELIVERED);
        assertThat(Octets.text(report.octets()))
                .isEqualTo("r\0h1.2.3.4 does not like recipient.\n\0s1.2.3.4 does not like recipient.\n\0"
                        + "K1.2.3.4 accepted message.\n\0");
    }

    @Test
    void aNulInATextDoesNotEndItsRecord() {
        assertThat(Octets.text(Report.failed("a\0b").octets())).isEqualTo("Da?b\0");
    }

    @Test
    void theWordOnTheMessageCountsForAnAcceptedRecipient() {
        assertThat(new Report(List.of(ACCEPTED), DELIVERED).forOneRecipient()).isEqualTo(DELIVERED);
        assertThat(new Report(List.of(ACCEPTED), DIED).forOneRecipient()).isEqualTo(DIED);
        assertThat(new Report(List.of(), DIED).forOneRecipient()).isEqualTo(DIED);
    }

    @Test
    void theWordOnARefusedRecipientCountsAndBothAreTold() {
        assertThat(new Report(List.of(REFUSED), GIVING_UP).forOneRecipient())
                .isEqualTo(new Outcome.Failed("1.2.3.4 does not like recipient.\nGiving up on 1.2.3.4.\n"));
        assertThat(new Report(List.of(POSTPONED), GIVING_UP).forOneRecipient())
                .isEqualTo(new Outcome.Deferred("1.2.3.4 does not like recipient.\nGiving up on 1.2.3.4.\n"));
    }

    @Test
    void ofOneRecipientTheObjectAndTheRecordsSayTheSame() {
        for (Report.Verdict verdict : List.of(ACCEPTED, REFUSED, POSTPONED)) {
            for (Outcome message : List.of(DELIVERED, DIED, GIVING_UP)) {
                Report report = new Report(List.of(verdict), message);
                assertThat(Report.ofRecords(report.octets())).as("%s", report).isEqualTo(report.forOneRecipient());
            }
        }
        assertThat(Report.ofRecords(Report.failed("Sorry.\n").octets())).isEqualTo(new Outcome.Failed("Sorry.\n"));
    }

    @Test
    void onlyARecordThatNulEndsIsBelieved() {
        assertThat(Report.ofRecords(Octets.of("K1.2.3.4 accepted message.\n"))).isInstanceOf(Outcome.Failed.class);
        assertThat(Report.ofRecords(Octets.of("r\0K1.2.3.4 accepted"))).isEqualTo(new Outcome.Failed(""));
    }

    @Test
    void theFirstWordOnTheMessageDecidesWhereverItStands() {
        assertThat(Report.ofRecords(Octets.of("r\0r\0Zlater\0Dnever\0"))).isEqualTo(new Outcome.Deferred(""));
    }

    @Test
    void anyOctetsGiveAnOutcomeWithoutNul() {
        Random random = new Random(20261122);
        String letters = "KZDrhs\0\0x\n";
        for (int round = 0; round < 20_000; round++) {
            byte[] output = new byte[1 + random.nextInt(12)];
            for (int i = 0; i < output.length; i++) {
                output[i] = (byte) letters.charAt(random.nextInt(letters.length()));
            }
            assertThat(Report.ofRecords(output).text()).doesNotContain("\0");
        }
    }
}
