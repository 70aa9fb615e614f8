package org.tawnymail.queue;

/**
 * One recipient of a message.
 *
 * @param index its place among the recipients as submitted, from 0: what {@link Queue#done} marks
 * @param address the address; after routing in its rewritten form, virtual prepend included (core spec, section 4.3)
 */
public record Recipient(int index, String address) {}
