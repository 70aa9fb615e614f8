package org.tawnymail.send.syslog;

/** How urgent a line is (RFC 3164, section 4.1.1), which its first word says. */
enum Severity {
    ALERT(1),
    WARNING(4),
    INFO(6);

    final int number;

    Severity(int number) {
        this.number = number;
    }

    static Severity of(CharSequence line) {
        String text = line.toString();
        if (text.startsWith("alert:")) {
            return ALERT;
        }
        return text.startsWith("warning:") ? WARNING : INFO;
    }
}
