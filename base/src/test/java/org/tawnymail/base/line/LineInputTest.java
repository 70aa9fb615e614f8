package org.tawnymail.base.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;

class LineInputTest {

    @Test
    void linesEndWithLfAloneAndTheLastNeedNot() throws IOException {
        LineInput input = of("one\r\n\n\0three\nlast", 100);
        assertThat(input.next()).contains("one\r");
        assertThat(input.next()).contains("");
        assertThat(input.next()).contains("\0three");
        assertThat(input.lastHadEnd()).isTrue();
        assertThat(input.next()).contains("last");
        assertThat(input.lastHadEnd()).isFalse();
        assertThat(input.next()).isEmpty();
        assertThat(input.next()).isEmpty();
    }

    @Test
    void linesOfAnyLengthAreTheLinesThatWerePutTogether() throws IOException {
        Random random = new Random(6);
        for (int round = 0; round < 50; round++) {
            List<String> lines = new ArrayList<>();
            for (int i = random.nextInt(20); i >= 0; i--) {
                lines.add("x".repeat(random.nextInt(20_000)));
            }
            LineInput input = of(String.join("\n", lines) + "\n", 20_000);
            List<String> found = new ArrayList<>();
            for (Optional<String> line = input.next(); line.isPresent(); line = input.next()) {
                found.add(line.get());
            }
            assertThat(found).isEqualTo(lines);
        }
    }

    @Test
    void aLineBeyondTheLimitIsRefusedHoweverItIsRead() throws IOException {
        assertThat(of("12345\n", 5).next()).contains("12345");
        assertThatThrownBy(() -> of("123456\n", 5).next()).isInstanceOf(LineInput.TooLong.class);
        assertThatThrownBy(() -> of("x".repeat(100_000), 50_000).next()).isInstanceOf(LineInput.TooLong.class);
    }

    private static LineInput of(String text, int limit) {
        return new LineInput(new ByteArrayInputStream(Octets.of(text)), limit);
    }
}
