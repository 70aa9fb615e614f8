package org.tawnymail.receive;

/** The replies of qmail-smtpd that are always the same (core spec, section 8). Log tools and clients know them. */
final class SmtpReplies {

    static final String OK = "250 ok";
    static final String FLUSHED = "250 flushed";
    static final String VRFY = "252 send some mail, i'll try my best";
    static final String HELP = "214 notqmail home page: https://notqmail.org";
    static final String GO_AHEAD = "354 go ahead";
    static final String UNIMPLEMENTED = "502 unimplemented (#5.5.1)";
    static final String SYNTAX = "555 syntax error (#5.5.4)";
    static final String MAIL_FIRST = "503 MAIL first (#5.5.1)";
    static final String RCPT_FIRST = "503 RCPT first (#5.5.1)";
    static final String BAD_SENDER = "553 sorry, your envelope sender is in my badmailfrom list (#5.7.1)";
    static final String NOT_HERE = "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)";
    static final String LOOPING = "554 too many hops, this message is looping (#5.4.6)";
    static final String TOO_LARGE = "552 sorry, that message size exceeds my databytes limit (#5.3.4)";
    static final String BARE_LF = "451 See https://cr.yp.to/docs/smtplf.html.";

    // These are ours: the original has no such limits.
    static final String LINE_TOO_LONG = "500 command line too long (#5.5.2)";
    static final String TOO_MANY_RECIPIENTS = "452 too many recipients (#4.5.3)";
    static final String TOO_MANY_BAD_COMMANDS = "421 too many bad commands (#4.7.0)";

    private SmtpReplies() {}
}
