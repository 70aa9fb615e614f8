package org.tawnymail.base.time;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Dates as qmail writes them in header fields: {@code 7 Mar 2025 09:04:05 -0000} (core spec, section 0). */
public final class Date822 {

    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    /** UTC with the zone {@code -0000}, the day without a leading zero, no weekday. */
    public static String of(Instant when) {
        LocalDateTime utc = LocalDateTime.ofInstant(when, ZoneOffset.UTC);
        StringBuilder date = new StringBuilder(26);
        date.append(utc.getDayOfMonth()).append(' ').append(month(utc)).append(' ');
        date.append(utc.getYear()).append(' ');
        clock(date, utc);
        return date.append(" -0000").toString();
    }

    /** The English three-letter name of the month. */
    static String month(LocalDateTime when) {
        return MONTHS[when.getMonthValue() - 1];
    }

    /** Appends {@code hh:mm:ss}. */
    static void clock(StringBuilder out, LocalDateTime when) {
        twoDigits(out, when.getHour());
        out.append(':');
        twoDigits(out, when.getMinute());
        out.append(':');
        twoDigits(out, when.getSecond());
    }

    static void twoDigits(StringBuilder out, int number) {
        out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    private Date822() {}
}
