package org.tawnymail.base.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class Date822Test {

    private static final Instant WHEN = Instant.parse("2025-03-07T09:04:05Z");

    @Test
    void qmailWritesUtcAsAnUnknownZoneAndTheDayWithoutAZero() {
        assertThat(Date822.of(WHEN)).isEqualTo("7 Mar 2025 09:04:05 -0000");
    }

    @Test
    void aPlaceHasItsOwnTimeAndDistance() {
        assertThat(Date822.of(WHEN, ZoneId.of("Europe/Berlin"))).isEqualTo("7 Mar 2025 10:04:05 +0100");
        assertThat(Date822.of(WHEN, ZoneId.of("America/St_Johns"))).isEqualTo("7 Mar 2025 05:34:05 -0330");
        assertThat(Date822.of(WHEN, ZoneId.of("UTC"))).isEqualTo("7 Mar 2025 09:04:05 +0000");
        assertThat(Date822.of(Instant.parse("2025-12-31T23:59:59Z"), ZoneId.of("Asia/Tokyo")))
                .isEqualTo("1 Jan 2026 08:59:59 +0900");
    }

    @Test
    void secondsOfADistanceAreLeftOut() {
        assertThat(Date822.of(Instant.parse("1880-01-01T00:00:00Z"), ZoneId.of("Europe/Berlin")))
                .endsWith(" +0053");
    }
}
