package org.tawnymail.local.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tawnymail.base.program.Environment;
import org.tawnymail.local.LocalHouse;
import org.tawnymail.local.LocalHouse.Result;
import org.tawnymail.local.RecordingQueue.Submitted;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;

class QreceiptTest {

    private static final Environment DELIVERY = LocalHouse.INHERITED.with("SENDER", "pat@far.test");
    private static final Result NOTHING = new Result(0, "", "");

    @TempDir
    private Path directory;

    private LocalHouse house;

    @BeforeEach
    void build() {
        house = new LocalHouse(directory);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void whoAsksForNoticeOfThisAddressGetsOne() {
        assertThat(receipt("""
                        Message-ID: <1@far.test>
                        Notice-Requested-Upon-Delivery-To: ann@corp.example

                        text
                        """)).isEqualTo(NOTHING);
        assertThat(house.queue().submissions())
                .containsExactly(new Submitted(Origin.USER, """
                        From: DELIVERY NOTICE SYSTEM <pat@far.test>
                        To: <pat@far.test>
                        Subject: success notice

                        Hi! This is the qreceipt program. Your message was delivered to the
                        following address: ann@corp.example. Thanks for asking.
                        Your Message-ID: <1@far.test>
                        """, "", List.of("pat@far.test")));
    }

    @Test
    void withoutAMessageIdTheNoticeHasNone() {
        receipt("Notice-Requested-Upon-Delivery-To: ann@corp.example\n\n");
        assertThat(house.queue().submissions().getFirst().message()).endsWith("ann@corp.example. Thanks for asking.\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "notice-requested-upon-delivery-to: Ann <ann@corp.example>",
                "Notice-Requested-Upon-Delivery-To: bob@far.test,\n \"ann\"@corp.example (at work)",
                "Notice-Requested-Upon-Delivery-To: team: bob@far.test, ann@corp.example;",
                "Notice-Requested-Upon-Delivery-To: bob@far.test\nNotice-Requested-Upon-Delivery-To: ann@corp.example"
            })
    void theAddressMayStandAnywhereInTheField(String field) {
        assertThat(receipt(field + "\n\n")).isEqualTo(NOTHING);
        assertThat(house.queue().submissions()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Subject: x\n\nNotice-Requested-Upon-Delivery-To: ann@corp.example",
                "Notice-Requested-Upon-Delivery-To: bob@corp.example",
                "Notice-Requested-Upon-Delivery-To: Ann@corp.example",
                "Notice-Requested-Upon-Delivery-To: ann",
                "Notice-Requested-Upon-Delivery-To: ann@corp.example+",
                "Return-Receipt-To: ann@corp.example"
            })
    void whoDoesNotAskForThisVeryAddressGetsNone(String header) {
        assertThat(receipt(header + "\n\n")).isEqualTo(NOTHING);
        assertThat(house.queue().submissions()).isEmpty();
    }

    @Test
    void bouncesAreNotAnswered() {
        String message = "Notice-Requested-Upon-Delivery-To: ann@corp.example\n\n";
        for (String sender : List.of("", "#@[]")) {
            assertThat(house.run(directory, DELIVERY.with("SENDER", sender), message, "qreceipt", "ann@corp.example"))
                    .isEqualTo(NOTHING);
        }
        assertThat(house.queue().submissions()).isEmpty();
    }

    @Test
    void aSenderCannotAddFieldsToTheNotice() {
        house.run(
                directory,
                DELIVERY.with("SENDER", "a b\nBcc: x@far.test"),
                "Notice-Requested-Upon-Delivery-To: ann@corp.example\n\n",
                "qreceipt",
                "ann@corp.example");
        assertThat(house.queue().submissions().getFirst().message())
                .startsWith("From: DELIVERY NOTICE SYSTEM <\"a b\\_Bcc: x\"@far.test>\nTo: <");
    }

    @Test
    void aFieldThatIsNoListOfAddressesFailsAndIsShown() {
        assertThat(receipt("Notice-Requested-Upon-Delivery-To: (ann@corp.example\n\n"))
                .isEqualTo(
                        new Result(
                                100,
                                "",
                                "qreceipt: fatal: unable to parse this: Notice-Requested-Upon-Delivery-To: (ann@corp.example\n"));
    }

    @Test
    void aQueueThatRefusesDecidesTheOutcome() {
        String message = "Notice-Requested-Upon-Delivery-To: ann@corp.example\n\n";
        house.queue().answer(new QueueResult.Refused(true, "no"));
        assertThat(receipt(message)).isEqualTo(new Result(100, "", "qreceipt: fatal: permanent qmail-queue error\n"));
        house.queue().answer(new QueueResult.Refused(false, "later"));
        assertThat(receipt(message)).isEqualTo(new Result(111, "", "qreceipt: fatal: temporary qmail-queue error\n"));
    }

    @Test
    void wrongUsageIsToldInOneLine() {
        Result usage = new Result(100, "", "qreceipt: usage: qreceipt deliveryaddress\n");
        assertThat(house.run(directory, DELIVERY, "", "qreceipt")).isEqualTo(usage);
        assertThat(house.run(directory, LocalHouse.INHERITED, "", "qreceipt", "a@b"))
                .isEqualTo(usage);
    }

    private Result receipt(String message) {
        return house.run(directory, DELIVERY, message, "qreceipt", "ann@corp.example");
    }
}
