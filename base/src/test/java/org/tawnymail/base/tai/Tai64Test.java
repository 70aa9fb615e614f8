package org.tawnymail.base.tai;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Tai64Test {

    @Test
    void theExampleOfTheSpec() {
        Instant when = Instant.ofEpochSecond(1_000_000_000);
        assertThat(Tai64.label(when)).isEqualTo("@400000003b9aca0a");
        assertThat(Tai64.labelWithNanos(when)).isEqualTo("@400000003b9aca0a00000000");
        assertThat(Tai64.labelWithNanos(when.plusNanos(255))).isEqualTo("@400000003b9aca0a000000ff");
    }

    @Test
    void aLabelIsReadBack() {
        Random random = new Random(5);
        for (int i = 0; i < 1000; i++) {
            Instant when = Instant.ofEpochSecond(random.nextLong(-1L << 33, 1L << 36), random.nextInt(1_000_000_000));
            assertThat(Tai64.parse(Tai64.labelWithNanos(when))).contains(when);
            assertThat(Tai64.parse(Tai64.label(when) + " status"))
                    .contains(Instant.ofEpochSecond(when.getEpochSecond()));
        }
        assertThat(Tai64.labelLength("@400000003b9aca0a00000000 new msg 1")).isEqualTo(25);
        assertThat(Tai64.labelLength("@400000003b9aca0a new msg 1")).isEqualTo(17);
    }

    @Test
    void whatIsNoLabelIsNone() {
        assertThat(Tai64.parse("")).isEmpty();
        assertThat(Tai64.parse("@")).isEmpty();
        assertThat(Tai64.parse("@400000003b9aca0")).isEmpty();
        assertThat(Tai64.parse("@400000003b9acaxx")).isEmpty();
        assertThat(Tai64.parse("@7fffffffffffffffffffffff")).isEmpty();
        assertThat(Tai64.labelLength("new msg 1")).isZero();
    }
}
