package org.tawnymail.remote;

import org.tawnymail.remote.smtp.Report;

/** The texts of qmail-remote's reports that come before or without a connection (core spec, section 7.3). */
final class Reports {

    static Report unknownHost() {
        return Report.deferred("Sorry, I couldn't find any host by that name. (#4.1.2)\n");
    }

    static Report noHost(String host) {
        return Report.failed("Sorry, I couldn't find any host named " + printable(host) + ". (#5.1.2)\n");
    }

    static Report noAddress() {
        return Report.failed("Sorry, I couldn't find a mail exchanger or IP address. (#5.4.4)\n");
    }

    static Report thisHost() {
        return Report.failed("""
                Sorry. Although I'm listed as a best-preference MX or A for that host,
                it isn't in my control/locals file, so I don't treat it as local. (#5.4.6)
                """);
    }

    static Report noConnection() {
        return Report.deferred("Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)\n");
    }

    /** Not qmail's: it knows no share. */
    static Report busy(String ip) {
        return Report.deferred(
                "Sorry, all connections to " + ip + " that control/concurrencyperhost allows are in use. (#4.4.5)\n");
    }

    /** Not qmail's: it would send what stands behind the line end as a command. */
    static Report unspeakableAddress() {
        return Report.failed("Sorry, SMTP cannot express an address with a line end in it. (#5.1.3)\n");
    }

    static Report unreadableMessage() {
        return Report.deferred("Unable to read message. (#4.3.0)\n");
    }

    static Report unreadableControls() {
        return Report.deferred("Unable to read control files. (#4.3.0)\n");
    }

    static Report noHome() {
        return Report.deferred("Unable to switch to home directory. (#4.3.0)\n");
    }

    static Report invokedImproperly() {
        return Report.failed("I (qmail-remote) was invoked improperly. (#5.3.5)\n");
    }

    private static String printable(String host) {
        StringBuilder text = new StringBuilder(host.length());
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            text.append(c < 33 || c > 126 ? '?' : c);
        }
        return text.toString();
    }

    private Reports() {}
}
