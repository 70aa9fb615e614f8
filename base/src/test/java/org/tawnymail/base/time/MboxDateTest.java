package org.tawnymail.base.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class MboxDateTest {

    @Test
    void theDateOfAFromLineHasTwentyFourCharacters() {
        assertThat(MboxDate.of(Instant.parse("2025-03-07T09:04:05Z"))).isEqualTo("Fri Mar 07 09:04:05 2025");
        assertThat(MboxDate.of(Instant.EPOCH)).isEqualTo("Thu Jan 01 00:00:00 1970");
        assertThat(MboxDate.of(Instant.parse("2026-12-31T23:59:59Z"))).isEqualTo("Thu Dec 31 23:59:59 2026");
    }
}
