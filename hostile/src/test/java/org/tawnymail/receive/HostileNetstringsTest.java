package org.tawnymail.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.netstring.Netstring;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;
import org.tawnymail.hostile.Connection;
import org.tawnymail.hostile.HostileInputs;
import org.tawnymail.hostile.PaperQueue;
import org.tawnymail.hostile.Ran;
import org.tawnymail.hostile.Scratch;

/** What strangers send to qmail-qmtpd and qmail-qmqpd. */
class HostileNetstringsTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_000_000_000));
    private static final int LONGEST_ADDRESS = 999;
    private static final int LARGEST_MESSAGE = 2000;

    private static final String[] PIECES = {
        "12:\nSubject: x\n,",
        "14:\rSubject: x\r\n,",
        "1:\n,",
        "1:\r,",
        "0:,",
        "12:ann@far.test,",
        "13:bob@corp.test,",
        "16:13:bob@corp.test,,",
        "17:13:bob@corp.test,",
        "0:",
        ":",
        ",",
        "3:",
        "Received: by x\n",
        "1999999999:",
        "200000000:",
        "2000000000:",
        "00000000000000000000"
    };

    private static final String[] QMTP = {
        "12:\nSubject: x\n,12:ann@far.test,17:13:bob@corp.test,,",
        "14:\rSubject: x\r\n,0:,34:13:bob@corp.test,14:joe@other.test,,1:\n,0:,4:1:b,,",
        "1:\n,1:a,0:,1:\r,1:a,3:0:,,"
    };

    private static final String[] QMQP = {
        "46:11:Subject: x\n,12:ann@far.test,13:bob@corp.test,,", "11:0:,0:,0:,0:,,", "9:0:,0:,0:,,"
    };

    private static final Environment PEER = Environment.of(Map.of("TCPREMOTEIP", "192.0.2.7"));

    @TempDir(factory = Scratch.class)
    private Path directory;

    /** One session: how it ended, and what it left in the queue. */
    private record Session(Ran ran, List<PaperQueue.Queued> queued) {}

    private interface Server {
        Program over(PaperQueue queue);
    }

    private Session session(Server server, byte[] input, Random random) throws Exception {
        PaperQueue queue = new PaperQueue();
        Ran ran = Ran.of(server.over(queue), List.of(), PEER, new Connection(input, random), directory);
        return new Session(ran, queue.queued());
    }

    private Server qmtpd() throws Exception {
        Home home = new Home(directory);
        Files.createDirectories(directory.resolve("control"));
        Files.writeString(directory.resolve("control/rcpthosts"), "corp.test\n");
        Files.writeString(directory.resolve("control/databytes"), LARGEST_MESSAGE + "\n");
        return queue -> new QmailQmtpd(home, queue.client(home), CLOCK);
    }

    private Server qmqpd() {
        Home home = new Home(directory);
        return queue -> new QmailQmqpd(queue.client(home), CLOCK);
    }

    @Test
    void everyQmtpStreamIsAnsweredInNetstringsAndTheSameInWhateverPartsItComes() throws Exception {
        Server qmtpd = qmtpd();
        HostileInputs.of("qmail-qmtpd").pieces(PIECES).samples(QMTP).each((input, random) -> {
            Session session = sameInOtherParts(qmtpd, input, random);
            long recipients = session.queued.stream()
                    .mapToLong(queued -> queued.recipients().size())
                    .sum();
            assertThat(answers(session.ran).stream()
                            .filter(answer -> answer.startsWith("K"))
                            .count())
                    .as("recipients who were promised")
                    .isEqualTo(recipients);
            assertThat(session.queued)
                    .allMatch(queued -> queued.recipients().stream().noneMatch(to -> to.endsWith("@other.test")));
        });
    }

    @Test
    void everyQmqpStreamIsAnsweredOnceAtMostAndTheSameInWhateverPartsItComes() throws Exception {
        HostileInputs.of("qmail-qmqpd").pieces(PIECES).samples(QMQP).each((input, random) -> {
            Session session = sameInOtherParts(qmqpd(), input, random);
            List<String> answers = answers(session.ran);
            assertThat(answers).hasSizeLessThanOrEqualTo(1);
            assertThat(answers.stream().anyMatch(answer -> answer.startsWith("K")))
                    .isEqualTo(!session.queued.isEmpty());
        });
    }

    @Test
    void everyMessageAndAddressPassesQmtpUnchanged() throws Exception {
        Server qmtpd = qmtpd();
        HostileInputs.of("QMTP packages").pieces(PIECES).samples(QMTP).each((input, random) -> {
            byte[] message = Arrays.copyOf(input, Math.min(input.length, LARGEST_MESSAGE));
            List<String> addresses = addresses(input, random);
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            Netstring.write(stream, Octets.of("\n" + Octets.text(message)));
            Netstring.write(stream, Octets.of(addresses.getFirst()));
            ByteArrayOutputStream recipients = new ByteArrayOutputStream();
            for (String address : addresses.subList(1, addresses.size())) {
                Netstring.write(recipients, Octets.of(address + "@corp.test"));
            }
            Netstring.write(stream, recipients.toByteArray());
            Session session = session(qmtpd, stream.toByteArray(), random);
            assertThat(session.ran.code()).isZero();
            assertThat(answers(session.ran)).hasSize(addresses.size() - 1);
            assertPassed(session, message, addresses, "@corp.test");
        });
    }

    @Test
    void everyMessageAndAddressPassesQmqpUnchanged() throws Exception {
        HostileInputs.of("QMQP requests").pieces(PIECES).samples(QMQP).each((input, random) -> {
            List<String> addresses = addresses(input, random);
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            Netstring.write(request, input);
            for (String address : addresses) {
                Netstring.write(request, Octets.of(address));
            }
            Session session = session(qmqpd(), Netstring.of(request.toByteArray()), random);
            assertThat(session.ran.code()).isZero();
            assertThat(answers(session.ran)).hasSize(1);
            assertPassed(session, input, addresses, "");
        });
    }

    private Session sameInOtherParts(Server server, byte[] input, Random random) throws Exception {
        Session session = session(server, input, random);
        assertThat(session.ran.code()).as(session.ran.err()).isIn(0, 100, 111);
        for (PaperQueue.Queued queued : session.queued) {
            List<String> addresses = new ArrayList<>(queued.recipients());
            addresses.add(queued.sender());
            assertThat(addresses).allMatch(address -> address.length() <= LONGEST_ADDRESS && address.indexOf('\0') < 0);
        }
        assertThat(session(server, input, random)).isEqualTo(session);
        return session;
    }

    private static void assertPassed(Session session, byte[] message, List<String> addresses, String end) {
        boolean usable = addresses.stream().noneMatch(address -> address.indexOf('\0') >= 0);
        if (!usable) {
            assertThat(session.ran.out().isEmpty() || session.ran.out().contains(":D"))
                    .isTrue();
            return;
        }
        // A message that looks like one in a loop is refused, and one without recipients may be taken for nobody.
        for (PaperQueue.Queued queued : session.queued) {
            assertThat(queued.sender()).isEqualTo(addresses.getFirst());
            assertThat(queued.recipients())
                    .containsExactlyElementsOf(addresses.subList(1, addresses.size()).stream()
                            .map(address -> address + end)
                            .toList());
            assertThat(queued.message()).endsWith(Octets.text(message));
        }
        if (addresses.size() > 1 && Octets.text(message).indexOf("eceived") < 0) {
            assertThat(session.queued).hasSize(1);
        }
    }

    /** A sender and some recipients out of an input: short enough to be taken. */
    private static List<String> addresses(byte[] input, Random random) {
        List<String> addresses = new ArrayList<>();
        for (int left = 1 + random.nextInt(5); left > 0; left--) {
            int from = random.nextInt(input.length + 1);
            int to = Math.min(input.length, from + random.nextInt(LONGEST_ADDRESS - 20));
            addresses.add(Octets.text(input, from, to - from));
        }
        return addresses;
    }

    /** What a server said: netstrings from beginning to end, each an answer with a text. */
    private static List<String> answers(Ran ran) throws Exception {
        ByteArrayInputStream out = new ByteArrayInputStream(Octets.of(ran.out()));
        List<String> answers = new ArrayList<>();
        while (out.available() > 0) {
            answers.add(Octets.text(Netstring.read(out, 1000)));
        }
        assertThat(answers).allMatch(answer -> answer.matches("[KZD][ -~]+"));
        return answers;
    }
}
