package org.tawnymail.queue;

/**
 * Where one recipient goes, as qmail-send decided once and for all (core spec, section 4.3).
 *
 * @param channel the way out
 * @param address the rewritten address
 */
public record Routing(Channel channel, String address) {}
