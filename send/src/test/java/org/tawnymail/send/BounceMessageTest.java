package org.tawnymail.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;

class BounceMessageTest {

    private static final SendSettings SETTINGS =
            new SendSettings("MAILER-DAEMON", "mail.corp.example", "postmaster@mail.corp.example", 10, 20, 604_800, 1);
    private static final Instant NOW = Instant.parse("2025-03-07T09:04:05Z");
    private static final String FAILURES =
            BounceMessage.paragraph("ghost@mail.corp.example", "Sorry, no mailbox here by that name. (#5.1.1)\n")
                    + BounceMessage.paragraph(
                            "kim@far.test",
                            "192.0.2.25 does not like recipient.\nRemote host said: 550 no such user\n\nGiving up on 192.0.2.25.\n");
    private static final String ORIGINAL = """
            Received: (qmail 9001 invoked by uid 1042); 7 Mar 2025 09:04:05 -0000
            Subject: hello
            From: ann@corp.example

            Hello,
            \000\377 world.
            """;

    @Test
    void aBounceTellsTheSenderWhatFailedAndHoldsTheWholeMessage() throws IOException {
        assertLetter("an na@corp.example", "", "an na@corp.example", "single-bounce.txt");
    }

    @Test
    void aBounceOfABounceGoesToThePostmasterFromTheSenderThatIsNeverBounced() throws IOException {
        assertLetter("postmaster@mail.corp.example", "#@[]", "", "double-bounce.txt");
    }

    @Test
    void aBounceOfABounceOfABounceIsNotSent() {
        assertThat(BounceMessage.of("#@[]", SETTINGS).kind()).isEqualTo(BounceMessage.Kind.TRIPLE);
        assertThat(BounceMessage.of("#@[]-@[]", SETTINGS).kind()).isEqualTo(BounceMessage.Kind.TRIPLE);
    }

    @Test
    void aBounceOfAListsLetterGoesToTheListsSenderWithoutTheMark() {
        BounceMessage bounce = BounceMessage.of("news-owner-@list.test-@[]", SETTINGS);
        assertThat(bounce.kind()).isEqualTo(BounceMessage.Kind.SINGLE);
        assertThat(bounce.sender()).isEmpty();
        assertThat(bounce.recipient()).isEqualTo("news-owner-@list.test");
    }

    @Test
    void theParagraphOfARecipientHasNoEmptyLineInIt() {
        assertThat(BounceMessage.paragraph("kim@far.test", "one\n\n\ntwo\n"))
                .isEqualTo("<kim@far.test>:\none\n//two\n\n");
        assertThat(BounceMessage.paragraph("kim@far.test", "\none")).isEqualTo("<kim@far.test>:\n/one\n\n");
        assertThat(BounceMessage.paragraph("kim@far.test", "")).isEqualTo("<kim@far.test>:\n\n");
        assertThat(BounceMessage.paragraph("kim\n\n@far.test", "no")).isEqualTo("<kim__@far.test>:\nno\n\n");
    }

    @Test
    void noReportCanMakeAParagraphLookLikeTwo() {
        Random random = new Random(4711);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder report = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                report.append("a\n\n-/".charAt(random.nextInt(5)));
            }
            String paragraph = BounceMessage.paragraph("k\nm@far.test", report.toString());
            String body = paragraph.substring(0, paragraph.length() - 1);
            assertThat(paragraph).startsWith("<k_m@far.test>:\n").endsWith("\n\n");
            String withoutItsEnd = body.endsWith("\n\n") ? body.substring(0, body.length() - 1) : body;
            assertThat(withoutItsEnd).doesNotContain("\n\n");
        }
    }

    @Test
    void aLineEndInAnAddressCannotAddAHeaderField() throws IOException {
        String letter = letter(BounceMessage.of("x\nBcc: y@z.test", SETTINGS));
        assertThat(letter.lines().filter(line -> line.startsWith("Bcc:"))).isEmpty();
    }

    private static void assertLetter(String to, String sender, String original, String golden) throws IOException {
        BounceMessage bounce = BounceMessage.of(original, SETTINGS);
        assertThat(bounce.sender()).isEqualTo(sender);
        assertThat(bounce.recipient()).isEqualTo(to);
        assertThat(letter(bounce)).isEqualTo(golden(golden));
    }

    private static String letter(BounceMessage bounce) throws IOException {
        ByteArrayOutputStream letter = new ByteArrayOutputStream();
        bounce.write(letter, NOW, MemoryQueue.source(Octets.of(FAILURES)), MemoryQueue.source(Octets.of(ORIGINAL)));
        return Octets.text(letter.toByteArray());
    }

    static String golden(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(BounceMessageTest.class.getResourceAsStream(name), name)) {
            return Octets.text(in.readAllBytes());
        }
    }
}
