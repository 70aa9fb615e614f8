package org.tawnymail.tcp.dns;

/**
 * One MX record.
 *
 * @param preference 0 to 65535; the lowest is tried first
 * @param host lower-case, without the last dot; the empty text is the root: "this domain takes no mail" (RFC 7505)
 */
public record MailExchanger(int preference, String host) {}
