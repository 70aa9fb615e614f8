package org.tawnymail.remote;

import java.io.IOException;
import java.time.Duration;
import org.tawnymail.base.control.ControlFile;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.remote.host.Routes;
import org.tawnymail.remote.smtp.Limits;

/**
 * What the control files say about mail to other hosts (core spec, section 7.2).
 *
 * @param helo the name that this host gives: {@code helohost}, else {@code me}
 * @param routes {@code smtproutes}
 * @param limits {@code timeoutconnect} and {@code timeoutremote}, in seconds
 * @param share how many connections to one host there may be at a time: {@code concurrencyperhost}; 0 in the file means any
 *     number
 */
record RemoteSettings(String helo, Routes routes, Limits limits, int share) {

    /** More than this is no limit. */
    private static final long LONGEST_SECONDS = Duration.ofDays(1).toSeconds();

    /**
     * Reads the control files.
     *
     * @throws IOException if one cannot be read, or there is no name to give
     */
    static RemoteSettings read(ControlFiles controls) throws IOException {
        String helo = controls.line(ControlFile.HELOHOST);
        Limits limits =
                new Limits(seconds(controls, ControlFile.TIMEOUTCONNECT), seconds(controls, ControlFile.TIMEOUTREMOTE));
        long share = controls.number(ControlFile.CONCURRENCYPERHOST);
        return new RemoteSettings(
                helo,
                Routes.read(controls),
                limits,
                share == 0 ? Integer.MAX_VALUE : (int) Math.min(share, Integer.MAX_VALUE));
    }

    private static Duration seconds(ControlFiles controls, ControlFile file) throws IOException {
        return Duration.ofSeconds(Math.clamp(controls.number(file), 1, LONGEST_SECONDS));
    }
}
