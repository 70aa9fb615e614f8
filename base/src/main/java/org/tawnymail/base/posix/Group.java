package org.tawnymail.base.posix;

/** One group of the system. */
public record Group(String name, int gid) {}
