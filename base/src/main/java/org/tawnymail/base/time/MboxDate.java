package org.tawnymail.base.time;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** The date of a {@code From } line in an mbox: {@code Fri Mar 07 09:04:05 2025}, UTC (core spec, section 13.3). */
public final class MboxDate {

    private static final String[] WEEKDAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

    /** Exactly 24 characters, for the years that have four digits. */
    public static String of(Instant when) {
        LocalDateTime utc = LocalDateTime.ofInstant(when, ZoneOffset.UTC);
        StringBuilder date = new StringBuilder(24);
        date.append(WEEKDAYS[utc.getDayOfWeek().getValue() - 1]).append(' ');
        date.append(Date822.month(utc)).append(' ');
        Date822.twoDigits(date, utc.getDayOfMonth());
        date.append(' ');
        Date822.clock(date, utc);
        return date.append(' ').append(utc.getYear()).toString();
    }

    private MboxDate() {}
}
