package org.tawnymail.remote.host;

/**
 * Where the operator sends the mail for some hosts instead of asking the DNS for mail exchangers.
 *
 * @param relay a host name, or an IP address with or without brackets
 */
public record Route(String relay, int port) {}
