package org.tawnymail.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;
import org.tawnymail.base.Outcome;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.Envelope;
import org.tawnymail.send.schedule.Delivery;
import org.tawnymail.send.schedule.OneAttempt;

class DeliveryLogTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final DeliveryLog log = new DeliveryLog(out);

    @Test
    void everyLineIsQmails() throws IOException {
        Delivery local = delivery(1, Channel.LOCAL, "ghost@mail.corp.example");
        Delivery remote = delivery(2, Channel.REMOTE, "kim@far.test");
        log.status(0, 10, 0, 20, false);
        log.newMessage(4711);
        log.info(new Envelope(4711, Instant.EPOCH, 238, "news-owner-@list.test-@[]", 9001, 1042, 2));
        log.starting(local);
        log.starting(remote);
        log.status(1, 10, 1, 20, true);
        log.report(local, List.of(new Outcome.Failed("Sorry, no mailbox here by that name. (#5.1.1)\n")));
        log.report(remote, List.of(new Outcome.Deferred("CNAME lookup failed\ttemporarily. 100%\nTwo\n")));
        log.report(local, List.of(new Outcome.Delivered("did 1+0+0\n")));
        log.report(local, List.of(new Outcome.Delivered("")));
        log.bounce(4711, 9007);
        log.tripleBounce(4712);
        log.end(4711);
        log.exiting();
        log.flush();
        assertThat(written()).isEqualTo(BounceMessageTest.golden("log-lines.txt"));
    }

    @Test
    void textFromOutsideCannotForgeALineOrHoldAControlByte() {
        StringBuilder every = new StringBuilder();
        for (char c = 0; c < 256; c++) {
            every.append(c);
        }
        log.line("", every.toString());
        log.flush();
        StringBuilder safe = new StringBuilder();
        for (char c = 0; c < 256; c++) {
            safe.append(c == '\n' ? '/' : c < 33 || c > 126 || c == '%' ? '_' : c);
        }
        assertThat(written()).isEqualTo(safe + "\n");
    }

    @Test
    void numbersAreDecimalToTheirLimits() {
        for (long number : new long[] {0, 9, 10, Long.MAX_VALUE, -7, Long.MIN_VALUE}) {
            log.end(number);
        }
        log.flush();
        assertThat(written())
                .isEqualTo(
                        "end msg 0\nend msg 9\nend msg 10\nend msg 9223372036854775807\nend msg -7\nend msg -9223372036854775808\n");
    }

    @Test
    void linesAreWrittenTogetherAndInOrder() {
        List<Integer> writes = new ArrayList<>();
        StringBuilder expected = new StringBuilder();
        DeliveryLog busy = new DeliveryLog(new OutputStream() {
            @Override
            public void write(int octet) {
                throw new AssertionError("one octet at a time");
            }

            @Override
            public void write(byte[] octets, int from, int count) {
                writes.add(count);
                out.write(octets, from, count);
            }
        });
        for (int i = 0; i < 10_000; i++) {
            busy.newMessage(i);
            expected.append("new msg ").append(i).append('\n');
        }
        busy.flush();
        assertThat(written()).isEqualTo(expected.toString());
        assertThat(writes).hasSizeLessThan(20).allMatch(count -> count < 8300);
    }

    @Test
    void aReportLongerThanTheBufferIsWrittenWhole() {
        String report = "x".repeat(50_000);
        log.report(delivery(1, Channel.LOCAL, "a@b"), List.of(new Outcome.Delivered(report)));
        log.flush();
        assertThat(written()).isEqualTo("delivery 1: success: " + report + "\n");
    }

    @Test
    void aLogThatCannotBeWrittenLosesLinesAndTellsHowManyWhenItCanAgain() {
        boolean[] broken = {true};
        DeliveryLog log = new DeliveryLog(new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                if (broken[0]) {
                    throw new IOException("Broken pipe");
                }
                out.write(octet);
            }
        });
        log.newMessage(1);
        log.end(1);
        log.flush();
        log.newMessage(2);
        log.flush();
        broken[0] = false;
        log.newMessage(3);
        log.flush();
        log.newMessage(4);
        log.flush();
        assertThat(written()).isEqualTo("warning: 3 log lines lost\nnew msg 3\nnew msg 4\n");
    }

    static Delivery delivery(long number, Channel channel, String recipient) {
        return OneAttempt.at(number, channel, 4711, recipient);
    }

    private String written() {
        return Octets.text(out.toByteArray());
    }
}
