package org.tawnymail.remote.smtp;

import java.time.Duration;

/**
 * How long a host may take.
 *
 * @param connect to accept a connection: control file {@code timeoutconnect}
 * @param operation for each reply as a whole, and for each write: control file {@code timeoutremote}
 */
public record Limits(Duration connect, Duration operation) {}
