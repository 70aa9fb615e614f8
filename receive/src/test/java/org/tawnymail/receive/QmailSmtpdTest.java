package org.tawnymail.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.cdb.CdbWriter;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Timed;

/** What a conversation alone cannot show; the conversations are in {@link SmtpDialogueTest}. */
final class QmailSmtpdTest {

    @TempDir
    private Path home;

    private final QueueOnPaper queue = new QueueOnPaper();

    @BeforeEach
    void controls() throws IOException {
        Files.createDirectory(home.resolve("control"));
        control("me", "mail.corp.example");
        control("rcpthosts", "mail.corp.example");
    }

    @Test
    void eachReadAndEachWriteHasTheLimitOfTimeoutsmtpd() throws IOException {
        for (Map.Entry<String, Integer> limit :
                Map.of("30", 30, "0", 1, "7s", 7, "none", 1200).entrySet()) {
            control("timeoutsmtpd", limit.getKey());
            TimedIn in = new TimedIn("QUIT\r\n");
            TimedOut out = new TimedOut();
            assertThat(run(in, out)).isZero();
            assertThat(in.limits).containsExactly(Duration.ofSeconds(limit.getValue()));
            assertThat(out.limits).containsExactly(Duration.ofSeconds(limit.getValue()));
        }
    }

    @Test
    void aPeerThatDoesNotReadEndsTheSession() throws IOException {
        OutputStream stuck = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new SocketTimeoutException("Write timed out");
            }
        };
        assertThat(run(new ByteArrayInputStream(Octets.of("NOOP\r\n")), stuck)).isEqualTo(1);
    }

    @Test
    void anUnreadableControlFileIsNeverTheDefault() throws IOException {
        Files.delete(home.resolve("control/rcpthosts"));
        Files.createDirectory(home.resolve("control/rcpthosts"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(run(new ByteArrayInputStream(new byte[0]), out)).isEqualTo(1);
        assertThat(Octets.text(out.toByteArray())).isEqualTo("421 unable to read controls (#4.3.0)\r\n");
    }

    @Test
    void whatRcpthostsDoesNotListMayStandInMorercpthosts() throws IOException {
        Path control = home.resolve("control");
        try (CdbWriter more = CdbWriter.create(control.resolve("more.tmp"))) {
            more.add("big.example", "");
            more.add(".club.test", "");
            more.finish(control.resolve("morercpthosts.cdb"));
        }
        String session = """
                MAIL FROM:<a@far.test>
                RCPT TO:<a@Big.Example>
                RCPT TO:<a@x.big.example>
                RCPT TO:<a@y.club.test>
                RCPT TO:<a@club.test>
                RCPT TO:<a@mail.corp.example>
                """;
        String no = "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)\r\n";
        String ok = "250 ok\r\n";
        assertThat(replies(session)).endsWith(ok + ok + no + ok + no + ok);
        Files.delete(control.resolve("rcpthosts"));
        assertThat(replies(session)).as("nothing without rcpthosts").endsWith(ok + no + no + no + no + no);
    }

    @Test
    void aDamagedMorercpthostsIsNeverTakenForAnEmptyOne() throws IOException {
        Files.writeString(home.resolve("control/morercpthosts.cdb"), "no cdb");
        assertThat(replies("MAIL FROM:<a@far.test>\r\nRCPT TO:<a@mail.corp.example>\r\nRCPT TO:<a@x.test>\r\n"))
                .endsWith("250 ok\r\n250 ok\r\n421 unable to read controls (#4.3.0)\r\n");
    }

    @Test
    void theAddressesOfOneMessageCannotFillTheMemory() throws IOException {
        String rcpt = "RCPT TO:<" + "a".repeat(870) + "@mail.corp.example>\r\n";
        String replies = replies("MAIL FROM:<a@far.test>\r\n" + rcpt.repeat(2000) + "QUIT\r\n");
        assertThat(replies.lines().filter("452 too many recipients (#4.5.3)"::equals))
                .hasSizeGreaterThan(500);
        assertThat(replies.lines().filter("250 ok"::equals)).hasSizeGreaterThan(1000);
    }

    @Test
    void theNextSessionSeesAChangedControlFile() throws IOException {
        String session = "MAIL FROM:<a@far.test>\r\nRCPT TO:<b@list.test>\r\nQUIT\r\n";
        assertThat(replies(session)).contains("553 sorry, that domain");
        control("rcpthosts", "list.test");
        assertThat(replies(session)).doesNotContain("553");
    }

    @Test
    void aLargeMessagePassesInPiecesAndUnchanged() throws IOException {
        StringBuilder body = new StringBuilder("Subject: large\r\n\r\n");
        Random random = new Random(1);
        while (body.length() < 3_000_000) {
            body.append("..".repeat(random.nextInt(2)))
                    .append("x".repeat(random.nextInt(2000)))
                    .append("\r\n");
        }
        String replies =
                replies("MAIL FROM:<a@far.test>\r\nRCPT TO:<b@mail.corp.example>\r\nDATA\r\n" + body + ".\r\nQUIT\r\n");
        assertThat(replies).contains("250 ok 1741338245 qp 8123\r\n221 mail.corp.example\r\n");
        String stored = queue.queued.getFirst().message();
        assertThat(stored.substring(stored.indexOf("Subject:")))
                .isEqualTo(body.toString().replace("\r\n..", "\r\n.").replace("\r\n", "\n"));
    }

    @Test
    void garbageNeverBreaksASessionAndNeverQueuesAnything() throws IOException {
        Random random = new Random(7);
        String[] words = {
            "MAIL",
            "RCPT",
            "DATA",
            "HELO",
            "EHLO",
            "QUIT",
            "RSET",
            " ",
            "FROM:",
            "TO:",
            "<",
            ">",
            "@",
            "\"",
            "\\",
            ":",
            "\r\n",
            "\r\n",
            "\n",
            "\r",
            "\0",
            ".",
            "[192.0.2.1]",
            "SIZE=",
            "9",
            "a",
            "\u00ff"
        };
        for (int round = 0; round < 3000; round++) {
            StringBuilder session = new StringBuilder();
            int length = random.nextInt(120);
            for (int i = 0; i < length; i++) {
                session.append(words[random.nextInt(words.length)]);
            }
            assertThat(replies(session.toString()))
                    .as(session.toString())
                    .startsWith("220 ")
                    .endsWith("\r\n");
        }
        assertThat(queue.queued).isEmpty();
    }

    @Test
    void everySessionWithoutAnEndLeavesNoHalfMessage() throws IOException {
        String session = "MAIL FROM:<a@far.test>\r\nRCPT TO:<b@mail.corp.example>\r\nDATA\r\nx\r\n.\r\n";
        for (int length = 0; length < session.length(); length++) {
            replies(session.substring(0, length));
            assertThat(queue.queued).as("cut at %d", length).isEmpty();
        }
        assertThat(queue.abandoned).isEqualTo(queue.origins.size());
    }

    private void control(String name, String content) throws IOException {
        Files.writeString(home.resolve("control").resolve(name), content + "\n");
    }

    private String replies(String session) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        run(new ByteArrayInputStream(Octets.of(session)), out);
        return Octets.text(out.toByteArray());
    }

    private int run(InputStream in, OutputStream out) throws IOException {
        return Dialogue.smtpd(home, queue)
                .run(new Call(
                        "qmail-smtpd",
                        List.of(),
                        Environment.empty(),
                        Descriptors.none().with(0, in).with(1, out),
                        home));
    }

    private static final class TimedIn extends ByteArrayInputStream implements Timed {
        private final List<Duration> limits = new ArrayList<>();

        private TimedIn(String text) {
            super(Octets.of(text));
        }

        @Override
        public void timeout(Duration limit) {
            limits.add(limit);
        }
    }

    private static final class TimedOut extends ByteArrayOutputStream implements Timed {
        private final List<Duration> limits = new ArrayList<>();

        @Override
        public void timeout(Duration limit) {
            limits.add(limit);
        }
    }
}
