package org.tawnymail.remote.smtp;

import java.net.InetAddress;

/** The other end of a connection. */
public record Peer(InetAddress address, int port) {}
