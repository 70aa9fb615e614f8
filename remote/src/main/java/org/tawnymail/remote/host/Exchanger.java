package org.tawnymail.remote.host;

import java.net.InetAddress;

/**
 * One address that takes mail for a host.
 *
 * @param preference the lower, the earlier it is tried
 */
public record Exchanger(InetAddress address, int preference) {}
