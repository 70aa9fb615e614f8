package org.tawnymail.inject;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.message.header.HeaderReader;
import org.tawnymail.queue.QueueClient;

/** Mail of any size and any octets. */
class LargeMailTest {

    private static final InstantSource SEVENTH_OF_MARCH = InstantSource.fixed(Instant.parse("2025-03-07T09:04:05Z"));
    private static final String HEADER = "From: a@x.test\nDate: d\nMessage-ID: m\nTo: b@x.test\n\n";

    @TempDir
    private Path home;

    private final Counted counted = new Counted();
    private final MemoryQueue queue = new MemoryQueue(Optional.empty(), counted);

    @Test
    void aBodyOfFiftyMegabytesPassesThroughAFewBuffers() throws IOException {
        int size = 50 << 20;
        InputStream message = new SequenceInputStream(new ByteArrayInputStream(Octets.of(HEADER)), new Lines(size));
        inject(new SequenceInputStream(new ByteArrayInputStream(Octets.of(HEADER)), new Lines(1 << 20)));
        counted.octets = 0;
        long before = allocated();
        assertThat(inject(message)).isZero();
        assertThat(allocated() - before).as("octets allocated").isLessThan(4 << 20);
        assertThat(counted.octets).isEqualTo(HEADER.length() + size);
    }

    @Test
    void tenThousandRecipientsInOneFieldAreFoundInOrder() throws IOException {
        StringBuilder to = new StringBuilder("To: r0@x.test");
        for (int i = 1; i < 10_000; i++) {
            to.append(",\n r").append(i).append("@x.test");
        }
        assertThat(inject(new ByteArrayInputStream(Octets.of(to.append("\n\n").toString()))))
                .isZero();
        assertThat(queue.recipients).hasSize(10_000).startsWith("r9999@x.test").endsWith("r0@x.test");
    }

    @Test
    void aHeaderBeyondItsLimitIsRefusedForGood() throws IOException {
        String field = "Subject: " + "x".repeat(HeaderReader.LARGEST_HEADER);
        assertThat(inject(new ByteArrayInputStream(Octets.of(field)))).isEqualTo(100);
        assertThat(queue.senders).isEmpty();
    }

    @Test
    void moreAddressesThanMemoryIsFairlySpentOnAreRefusedForGood() throws IOException {
        String field = "To: " + "a,".repeat(250_000) + "\n";
        assertThat(inject(new ByteArrayInputStream(Octets.of(field)))).isEqualTo(100);
        String fields = ("To: " + "a ".repeat(60_000) + "\n").repeat(2);
        assertThat(inject(new ByteArrayInputStream(Octets.of(fields)))).isEqualTo(100);
        assertThat(queue.senders).isEmpty();
    }

    @Test
    void anyOctetsAreQueuedOrRefusedAndNeverBreakTheProgram() throws IOException {
        Random random = new Random(822);
        int accepted = 0;
        for (int round = 0; round < 5_000; round++) {
            int before = queue.senders.size();
            int exitCode = inject(new ByteArrayInputStream(Octets.of(randomMessage(random))));
            assertThat(exitCode).isIn(0, 100);
            assertThat(queue.senders.size() - before).isEqualTo(exitCode == 0 ? 1 : 0);
            accepted += exitCode == 0 ? 1 : 0;
        }
        assertThat(accepted).isBetween(1_000, 4_999);
        assertThat(queue.recipients).noneMatch(address -> address.indexOf('\0') >= 0);
        assertThat(queue.senders).noneMatch(address -> address.indexOf('\0') >= 0);
    }

    private int inject(InputStream message) throws IOException {
        Home ours = new Home(home);
        QmailInject program =
                new QmailInject(ours, new QueueClient(ours, queue, RecordedCommands.thatCannotRun()), SEVENTH_OF_MARCH);
        Descriptors descriptors = Descriptors.none().with(0, message).with(2, new ByteArrayOutputStream());
        try {
            return program.run(new Call("qmail-inject", List.of("-h"), Environment.empty(), descriptors, home));
        } catch (Complaint complaint) {
            return complaint.exitCode();
        }
    }

    private static String randomMessage(Random random) {
        String[] pieces = {
            "To:", "Bcc: ", "From:", "Return-Path: ", "Resent-To:", "\n", "\n", "\n ", "a@b", " <c@d>", ",", "g:", ";",
            "\"", "(", ")", "[", "]", "\\", "\0", "\u00ff", "x+", ".", "@", "<", ">"
        };
        StringBuilder message = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            message.append(pieces[random.nextInt(pieces.length)]);
        }
        return message.toString();
    }

    private static long allocated() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }

    /** Lines of 64 octets. */
    private static final class Lines extends InputStream {
        private int left;

        Lines(int size) {
            this.left = size;
        }

        @Override
        public int read() {
            if (left == 0) {
                return -1;
            }
            left--;
            return left % 64 == 0 ? '\n' : 'x';
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (left == 0) {
                return -1;
            }
            int count = Math.min(length, left);
            Arrays.fill(buffer, offset, offset + count, (byte) 'x');
            left -= count;
            if (left == 0) {
                buffer[offset + count - 1] = '\n';
            }
            return count;
        }
    }

    private static final class Counted extends OutputStream {
        private long octets;

        @Override
        public void write(int octet) {
            octets++;
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            octets += length;
        }
    }
}
