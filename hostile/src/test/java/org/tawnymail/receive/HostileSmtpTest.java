package org.tawnymail.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Environment;
import org.tawnymail.hostile.Connection;
import org.tawnymail.hostile.HostileInputs;
import org.tawnymail.hostile.PaperQueue;
import org.tawnymail.hostile.Ran;
import org.tawnymail.hostile.Scratch;
import org.tawnymail.tcp.OwnAddresses;

/** What strangers send to qmail-smtpd. */
class HostileSmtpTest {

    private static final String REPLY_LINE = "[2345][0-9][0-9][ -][^\\r\\n]*";

    private static final String[] PIECES = {
        "HELO far.test\r\n",
        "EHLO far.test\r\n",
        "MAIL FROM:<",
        "ann@far.test",
        ">\r\n",
        "MAIL FROM:<>\r\n",
        "RCPT TO:<",
        "RCPT TO:<bob@corp.test>\r\n",
        "RCPT TO:<@r,@s:bob@corp.test>\r\n",
        "DATA\r\n",
        "Subject: x\r\n",
        "Received: by x\r\n",
        "Delivered-To: y\r\n",
        ".\r\n",
        "\r\n.\r\n",
        "\r.\r\n",
        ".\r",
        "..\r\n",
        "RSET\r\n",
        "NOOP\r\n",
        "VRFY x\r\n",
        "HELP\r\n",
        "QUIT\r\n",
        "SIZE=",
        " BODY=8BITMIME",
        "\"",
        "\\",
        "[192.0.2.1]",
        "bob@[192.0.2.1]",
        "mail from:",
        "rcpt to: ",
        "AUTH PLAIN "
    };

    private static final String[] SAMPLES = {
        """
                HELO far.test\r
                MAIL FROM:<ann@far.test>\r
                RCPT TO:<bob@corp.test>\r
                RCPT TO:<"a b"@corp.test>\r
                DATA\r
                Subject: hi\r
                \r
                ..dot\r
                body\r
                .\r
                QUIT\r
                """, """
                EHLO [192.0.2.9]\r
                MAIL FROM:<> SIZE=100\r
                RCPT TO:<bob@corp.test>\r
                DATA\r
                .\r
                RSET\r
                NOOP\r
                MAIL FROM:<x@y>\r
                RCPT TO:<bob@corp.test>\r
                DATA\r
                Received: a\r
                Received: b\r
                \r
                x\r
                .\r
                QUIT\r
                """,
    };

    @TempDir(factory = Scratch.class)
    private Path directory;

    @Test
    void everyStreamIsAnsweredLineByLineAndTheSameInWhateverPartsItComes() throws Exception {
        Files.createDirectories(directory.resolve("control"));
        Files.writeString(directory.resolve("control/me"), "mail.corp.test\n");
        Files.writeString(directory.resolve("control/rcpthosts"), "corp.test\n");
        Files.writeString(directory.resolve("control/databytes"), "2000\n");
        Files.writeString(directory.resolve("control/maxrcpt"), "20\n");
        HostileInputs.of("qmail-smtpd")
                .pieces(PIECES)
                .samples(SAMPLES)
                .memory(24 << 20)
                .each((input, random) -> {
                    PaperQueue queue = new PaperQueue();
                    Ran ran = session(queue, input, random);
                    assertThat(ran.code()).isIn(0, 1);
                    assertThat(ran.out()).endsWith("\r\n");
                    assertThat(ran.out().substring(0, ran.out().length() - 2).split("\r\n", -1))
                            .allMatch(line -> line.matches(REPLY_LINE));
                    for (PaperQueue.Queued queued : queue.queued()) {
                        assertThat(queued.sender())
                                .doesNotContain("\0", "\r", "\n")
                                .hasSizeLessThanOrEqualTo(900);
                        assertThat(queued.recipients()).isNotEmpty().hasSizeLessThanOrEqualTo(20);
                        assertThat(queued.recipients()).noneMatch(to -> to.matches("(?s).*[\\x00\\r\\n].*"));
                    }
                    PaperQueue otherQueue = new PaperQueue();
                    Ran other = session(otherQueue, input, random);
                    assertThat(other).isEqualTo(ran);
                    assertThat(otherQueue.queued()).isEqualTo(queue.queued());
                });
    }

    private Ran session(PaperQueue queue, byte[] input, Random random) throws Exception {
        Home home = new Home(directory);
        QmailSmtpd smtpd = new QmailSmtpd(
                home,
                queue.client(home),
                OwnAddresses.of(InetAddress.ofLiteral("192.0.2.1")),
                InstantSource.fixed(Instant.ofEpochSecond(1_000_000_000)));
        Environment environment = Environment.of(Map.of("TCPREMOTEIP", "192.0.2.7", "TCPREMOTEHOST", "far.test"));
        return Ran.of(smtpd, List.of(), environment, new Connection(input, random), directory);
    }

    @Test
    void textIsDecodedAsTheTableOfTheSpecificationSays() throws Exception {
        HostileInputs.of("SMTP text")
                .pieces("\r\n", ".\r\n", "\r", ".", "\n", "\r.\r", "..", "text", "\r\n.", "\r\n.\r")
                .samples("Subject: x\r\n\r\n..text\r\n.\r\n", ".\r\n")
                .each((input, random) -> {
                    ByteArrayOutputStream expected = new ByteArrayOutputStream();
                    DataDecoder.Progress outcome = byTheTable(input, expected);
                    ByteArrayOutputStream decoded = new ByteArrayOutputStream();
                    DataDecoder decoder = new DataDecoder((octets, from, to) -> decoded.write(octets, from, to - from));
                    Connection connection = new Connection(input, random);
                    DataDecoder.Progress progress = DataDecoder.Progress.MORE;
                    byte[] block = new byte[1 + random.nextInt(300)];
                    int count = connection.read(block, 0, block.length);
                    while (count > 0 && progress == DataDecoder.Progress.MORE) {
                        progress = decoder.decode(block, 0, count);
                        count = connection.read(block, 0, block.length);
                    }
                    assertThat(progress).isEqualTo(outcome);
                    if (outcome != DataDecoder.Progress.BARE_LF) {
                        assertThat(Octets.text(decoded.toByteArray())).isEqualTo(Octets.text(expected.toByteArray()));
                    }
                });
    }

    /** Core spec, section 8.7, octet by octet. */
    private static DataDecoder.Progress byTheTable(byte[] input, ByteArrayOutputStream out) {
        int state = 1;
        for (byte octet : input) {
            char c = (char) (octet & 0xff);
            if (c == '\n' && state < 3) {
                return DataDecoder.Progress.BARE_LF;
            }
            switch (state) {
                case 0, 1 -> {
                    if (c == '\r') {
                        state = 4;
                    } else if (state == 1 && c == '.') {
                        state = 2;
                    } else {
                        out.write(c);
                        state = 0;
                    }
                }
                case 2 -> {
                    state = c == '\r' ? 3 : 0;
                    if (c != '\r') {
                        out.write(c);
                    }
                }
                case 3 -> {
                    if (c == '\n') {
                        return DataDecoder.Progress.END;
                    }
                    out.write('.');
                    out.write('\r');
                    state = c == '\r' ? 4 : 0;
                    if (c != '\r') {
                        out.write(c);
                    }
                }
                default -> {
                    if (c == '\n') {
                        out.write('\n');
                        state = 1;
                    } else if (c == '\r') {
                        out.write('\r');
                    } else {
                        out.write('\r');
                        out.write(c);
                        state = 0;
                    }
                }
            }
        }
        return DataDecoder.Progress.MORE;
    }

    @Test
    void everyPathArgumentIsAnAddressAndASize() throws Exception {
        HostileInputs.of("MAIL and RCPT arguments")
                .pieces("FROM:", "TO:", "<", ">", "@a,@b:", "\"", "\\", "SIZE=", " ", "ann@corp.test")
                .samples(
                        "FROM:<a@b.test> SIZE=1",
                        "TO:<@r1,@r2:a@b.test>",
                        "TO:<\"a b\\\"c\"@d.test>",
                        "TO: joe@x.test SIZE=9")
                .each((input, random) -> {
                    PathArgument path = PathArgument.parse(Octets.text(input));
                    assertThat(path.address().length() + path.parameters().length())
                            .isLessThanOrEqualTo(input.length);
                    assertThat(path.size().orElse(0)).isNotNegative();
                });
    }
}
