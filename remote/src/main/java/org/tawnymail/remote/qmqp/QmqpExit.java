package org.tawnymail.remote.qmqp;

/** The exit codes of qmail-qmqpc (core spec, section 9.4): those of qmail-queue, and what it says in its place. */
final class QmqpExit {

    static final int TAKEN = 0;
    /** Not in the table of the spec: the code of qmail-queue, for an address that no server could take. */
    static final int ADDRESS_TOO_LONG = 11;

    static final int REFUSED = 31;
    /** Not in the table of the spec, whose qmail-qmqpc has no files: the code of qmail-queue. */
    static final int NO_ROOM = 53;

    static final int UNREADABLE = 54;
    static final int NO_SERVERS = 55;
    static final int NO_SOCKET = 56;
    static final int NO_HOME = 61;
    static final int POSTPONED = 71;
    static final int CONNECT_TIMED_OUT = 72;
    static final int CONNECT_FAILED = 73;
    static final int BROKEN = 74;
    static final int BAD_ENVELOPE = 91;

    private QmqpExit() {}
}
