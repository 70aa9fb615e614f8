package org.tawnymail.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tawnymail.base.Octets;

@Timeout(60)
class PatientLogTest {

    @Test
    void everythingIsWrittenInOrderBeforeTheLogIsClosed() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringBuilder expected = new StringBuilder();
        try (PatientLog log = new PatientLog(out, Duration.ofSeconds(10))) {
            for (int i = 0; i < 100_000; i++) {
                String line = "new msg " + i + "\n";
                expected.append(line);
                log.write(Octets.of(line));
            }
        }
        assertThat(Octets.text(out.toByteArray())).isEqualTo(expected.toString());
    }

    @Test
    void aLoggerThatDoesNotReadHoldsUpTheWriterForItsPatienceAndNoLonger() throws IOException {
        CountDownLatch reading = new CountDownLatch(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OutputStream stalled = new OutputStream() {
            @Override
            public void write(int octet) {
                throw new AssertionError("one octet at a time");
            }

            @Override
            public void write(byte[] octets, int from, int count) {
                awaitUninterruptibly(reading);
                out.write(octets, from, count);
            }
        };
        byte[] kilobyte = Octets.of("x".repeat(1023) + "\n");
        int written = 0;
        try (PatientLog log = new PatientLog(stalled, Duration.ofMillis(50))) {
            IOException refusal = null;
            while (refusal == null) {
                try {
                    log.write(kilobyte);
                    written++;
                } catch (IOException full) {
                    refusal = full;
                }
                assertThat(written).isLessThan(5000);
            }
            assertThat(refusal).hasMessage("log stalled");
            assertThatThrownBy(() -> log.write(kilobyte)).hasMessage("log stalled");
            reading.countDown();
            boolean accepted = false;
            while (!accepted) {
                try {
                    log.write(Octets.of("again\n"));
                    accepted = true;
                } catch (IOException notYet) {
                    Thread.onSpinWait();
                }
            }
            // When it is closed it waits for its patience alone, which is short here.
            while (out.size() < written * 1024 + 6) {
                Thread.onSpinWait();
            }
        }
        assertThat(written).isGreaterThanOrEqualTo(PatientLog.MOST_WAITING / 1024);
        assertThat(Octets.text(out.toByteArray())).hasSize(written * 1024 + 6).endsWith("x\nagain\n");
    }

    @Test
    void aLoggerThatIsGoneLosesLinesAndTheNextOneIsToldHowMany() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        CountDownLatch refused = new CountDownLatch(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OutputStream pipe = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                if (broken.get()) {
                    refused.countDown();
                    throw new IOException("Broken pipe");
                }
                out.write(octet);
            }
        };
        try (PatientLog log = new PatientLog(pipe, Duration.ofSeconds(10))) {
            log.write(Octets.of("one\ntwo\n"));
            refused.await();
            broken.set(false);
            log.write(Octets.of("three\n"));
        }
        assertThat(Octets.text(out.toByteArray())).isEqualTo("warning: 2 log lines lost\nthree\n");
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
