package org.tawnymail.message.header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;

class HeaderReaderTest {

    /** A message taken apart: its fields, and what the body is. */
    private record Message(List<HeaderField> fields, String body) {
        String whole() {
            StringBuilder whole = new StringBuilder();
            fields.forEach(field -> whole.append(field.text()));
            return whole.append(body).toString();
        }
    }

    @Test
    void theHeaderEndsAtAnEmptyLineWhichBelongsToTheBody() throws IOException {
        Message message = read("To: a\nSubject: b\n\nbody\n");
        assertThat(message.fields()).extracting(HeaderField::text).containsExactly("To: a\n", "Subject: b\n");
        assertThat(message.body()).isEqualTo("\nbody\n");
    }

    @Test
    void aLineThatBeginsWithABlankContinuesTheField() throws IOException {
        Message message = read("To: a,\n b,\n\tc\nCc: d\n\n");
        assertThat(message.fields()).extracting(HeaderField::text).containsExactly("To: a,\n b,\n\tc\n", "Cc: d\n");
    }

    @Test
    void aBlankLineAtTheVeryBeginningContinuesNothing() throws IOException {
        Message message = read(" To: a\n");
        assertThat(message.fields()).isEmpty();
        assertThat(message.body()).isEqualTo("\n To: a\n");
    }

    @Test
    void aLineThatIsNoFieldBeginsTheBodyAfterAnEmptyLine() throws IOException {
        assertThat(read("To: a\nBad Name: x\n").body()).isEqualTo("\nBad Name: x\n");
        assertThat(read("To: a\nhello\nCc: d\n").body()).isEqualTo("\nhello\nCc: d\n");
        assertThat(read(": x\n").body()).isEqualTo("\n: x\n");
        assertThat(read("caf\u00e9: x\n").body()).isEqualTo("\ncaf\u00e9: x\n");
    }

    @Test
    void aHeaderWithoutABodyHasNoEmptyLine() throws IOException {
        assertThat(read("To: a\n").body()).isEmpty();
        assertThat(read("").body()).isEmpty();
        assertThat(read("\n").body()).isEqualTo("\n");
    }

    @Test
    void aLastLineWithoutItsEndGetsOne() throws IOException {
        assertThat(read("To: a").whole()).isEqualTo("To: a\n");
        assertThat(read("To: a\n b").whole()).isEqualTo("To: a\n b\n");
        assertThat(read("To: a\n\nbody").whole()).isEqualTo("To: a\n\nbody\n");
        assertThat(read("body").whole()).isEqualTo("\nbody\n");
    }

    @Test
    void theFromLineOfAnMboxBecomesAField() throws IOException {
        Message message = read("From ann Fri Mar  7 09:04:05 2025\nTo: a\nFrom bob\n more\n\n");
        assertThat(message.fields())
                .extracting(HeaderField::text)
                .containsExactly(
                        "MBOX-Line: From ann Fri Mar  7 09:04:05 2025\n", "To: a\n", "MBOX-Line: From bob\n more\n");
    }

    @Test
    void namesAreKnownWhateverTheirCaseAndBlanksBeforeTheColon() throws IOException {
        List<HeaderField> fields =
                read("tO : a\nMESSAGE-id:x\nX-To: a\nTo-: a\nfrom\t: b\n\n").fields();
        assertThat(fields)
                .extracting(HeaderField::name)
                .containsExactly(
                        Optional.of(FieldName.TO),
                        Optional.of(FieldName.MESSAGE_ID),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(FieldName.FROM));
    }

    @Test
    void everyNameIsFoundByItsOwnWriting() {
        for (FieldName name : FieldName.values()) {
            assertThat(FieldName.of(name.written())).contains(name);
            assertThat(name.isResent()).isEqualTo(name.written().startsWith("Resent-"));
        }
    }

    @Test
    void anyOctetsComeThroughUnchanged() throws IOException {
        Random random = new Random(3);
        for (int round = 0; round < 20_000; round++) {
            String message = randomMessage(random);
            StringBuilder expected = new StringBuilder(message);
            if (!message.isEmpty() && !message.endsWith("\n")) {
                expected.append('\n');
            }
            String whole = read(message).whole();
            assertThat(whole.replace("MBOX-Line: ", "").replace("\n", ""))
                    .isEqualTo(expected.toString().replace("\n", ""));
            assertThat(whole.length() - expected.length()).isBetween(0, 1 + 11 * message.length());
        }
    }

    @Test
    void aBodyOfOneLongLineIsNotHeldInMemory() throws IOException {
        long length = 1L << 26;
        HeaderReader reader = new HeaderReader(new Repeated('x', length));
        assertThat(reader.next()).isEmpty();
        assertThat(count(reader.body())).isEqualTo(1 + length + 1);
    }

    @Test
    void aFirstLineOfBlanksThatNeverEndsIsABody() throws IOException {
        HeaderReader reader = new HeaderReader(new Repeated(' ', 1L << 24));
        assertThat(reader.next()).isEmpty();
        assertThat(count(reader.body())).isEqualTo((1L << 24) + 2);
    }

    @Test
    void aLongFieldIsReadWhole() throws IOException {
        String text = "X: " + "y".repeat(100_000) + "\n";
        assertThat(read(text + "\n").fields()).extracting(HeaderField::text).containsExactly(text);
    }

    @Test
    void aHeaderBeyondTheLimitIsRefused() {
        String field = "X: " + "y".repeat(HeaderReader.LARGEST_HEADER);
        assertThatThrownBy(() -> read(field)).isInstanceOf(HeaderTooLarge.class);
        String folded = "X: y\n" + " z\n".repeat(HeaderReader.LARGEST_HEADER / 3);
        assertThatThrownBy(() -> read(folded)).isInstanceOf(HeaderTooLarge.class);
    }

    private static Message read(String message) throws IOException {
        HeaderReader reader = new HeaderReader(new ByteArrayInputStream(Octets.of(message)));
        List<HeaderField> fields = new ArrayList<>();
        for (Optional<HeaderField> field = reader.next(); field.isPresent(); field = reader.next()) {
            fields.add(field.get());
        }
        return new Message(fields, Octets.text(reader.body().readAllBytes()));
    }

    private static String randomMessage(Random random) {
        String[] pieces = {"To: ", "From ", "a", " ", "\t", "\n", "\n", ":", "\u00ff", "\r", "\0", "X-Y:", "<", "Bcc:"};
        StringBuilder message = new StringBuilder();
        for (int i = random.nextInt(16); i > 0; i--) {
            message.append(pieces[random.nextInt(pieces.length)]);
        }
        return message.toString();
    }

    private static long count(InputStream in) throws IOException {
        byte[] buffer = new byte[8192];
        long total = 0;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            total += count;
        }
        return total;
    }

    /** One octet, again and again, and no line end. */
    private static final class Repeated extends InputStream {
        private final char octet;
        private long left;

        Repeated(char octet, long length) {
            this.octet = octet;
            this.left = length;
        }

        @Override
        public int read() {
            return left-- > 0 ? octet : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int count = (int) Math.min(length, left);
            java.util.Arrays.fill(buffer, offset, offset + count, (byte) octet);
            left -= count;
            return count;
        }
    }
}
