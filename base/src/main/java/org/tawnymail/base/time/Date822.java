package org.tawnymail.base.time;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Dates as qmail writes them in header fields: {@code 7 Mar 2025 09:04:05 -0000} (core spec, section 0). */
public final class Date822 {

    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    /** UTC with the zone {@code -0000}, the day without a leading zero, no weekday. */
    public static String of(Instant when) {
        return dateAndClock(LocalDateTime.ofInstant(when, ZoneOffset.UTC))
                .append(" -0000")
                .toString();
    }

    /**
     * The time of a place, with its distance from UTC as {@code +0100}: what {@code predate} writes (core spec, section
     * 11.3). Seconds of the distance are left out.
     */
    public static String of(Instant when, ZoneId place) {
        ZoneOffset offset = place.getRules().getOffset(when);
        StringBuilder date = dateAndClock(LocalDateTime.ofInstant(when, offset));
        int minutes = Math.abs(offset.getTotalSeconds()) / 60;
        date.append(offset.getTotalSeconds() < 0 ? " -" : " +");
        twoDigits(date, minutes / 60);
        twoDigits(date, minutes % 60);
        return date.toString();
    }

    private static StringBuilder dateAndClock(LocalDateTime when) {
        StringBuilder date = new StringBuilder(26);
        date.append(when.getDayOfMonth()).append(' ').append(month(when)).append(' ');
        date.append(when.getYear()).append(' ');
        clock(date, when);
        return date;
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
