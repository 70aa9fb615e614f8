package org.tawnymail.base.control;

import static org.tawnymail.base.control.ControlFile.Default.ME_ELSE_ITS_NAME;
import static org.tawnymail.base.control.ControlFile.Default.ME_IF_ANY;
import static org.tawnymail.base.control.ControlFile.Default.ME_IS_NEEDED;
import static org.tawnymail.base.control.ControlFile.Default.NEEDED;
import static org.tawnymail.base.control.ControlFile.Default.NONE;
import static org.tawnymail.base.control.ControlFile.Kind.CDB;
import static org.tawnymail.base.control.ControlFile.Kind.LINE;
import static org.tawnymail.base.control.ControlFile.Kind.LIST;
import static org.tawnymail.base.control.ControlFile.Kind.MAP;
import static org.tawnymail.base.control.ControlFile.Kind.NUMBER;
import static org.tawnymail.base.control.ControlFile.Kind.RULES;
import static org.tawnymail.base.control.ControlFile.Reread.BY_HAND;
import static org.tawnymail.base.control.ControlFile.Reread.CONNECTION;
import static org.tawnymail.base.control.ControlFile.Reread.DELIVERY;
import static org.tawnymail.base.control.ControlFile.Reread.RESTART;
import static org.tawnymail.base.control.ControlFile.Reread.RESTART_OR_HUP;
import static org.tawnymail.base.control.ControlFile.Reread.RUN;

import java.util.List;
import java.util.Optional;

/**
 * Every control file there is: its form, its default, who reads it and when, what it means, and how {@code qmail-showctl}
 * says so (core spec, sections 11.5 and 12.2; what is ours comes after qmail's). Programs read through this list, so that a
 * default stands in one place; {@code doc/control-files.md} is made from it.
 *
 * <p>The order is that of {@code qmail-showctl}. In {@linkplain #words words} and {@linkplain #wordsIfAbsent words if
 * absent} {@code *} stands for the value.
 */
public enum ControlFile {
    BADMAILFROM(
            "badmailfrom",
            LIST,
            NONE,
            "qmail-smtpd",
            CONNECTION,
            "Senders that mail is not taken from: an address, or `@` and a domain for all its addresses.",
            "* not accepted in MAIL FROM.",
            "Any MAIL FROM is allowed.",
            "nuisance@far.test\n@spam.test"),
    BOUNCEFROM(
            "bouncefrom",
            LINE,
            "MAILER-DAEMON",
            "qmail-send",
            RESTART,
            "The user that bounces come from.",
            "Bounce user name is *.",
            "postmaster"),
    BOUNCEHOST(
            "bouncehost",
            LINE,
            ME_ELSE_ITS_NAME,
            "qmail-send",
            RESTART,
            "The host that bounces come from.",
            "Bounce host name is *.",
            "corp.example"),
    CONCURRENCYLOCAL(
            "concurrencylocal",
            NUMBER,
            "10",
            "qmail-send",
            RESTART,
            "How many local deliveries run at a time; 0 holds them.",
            "Local concurrency is *.",
            "50"),
    CONCURRENCYREMOTE(
            "concurrencyremote",
            NUMBER,
            "20",
            "qmail-send",
            RESTART,
            "How many remote deliveries run at a time; 0 holds them.",
            "Remote concurrency is *.",
            "200"),
    DATABYTES(
            "databytes",
            NUMBER,
            "0",
            "qmail-smtpd, qmail-qmtpd",
            CONNECTION,
            "The largest message taken from the network, in bytes; 0 means no limit. The variable `DATABYTES` overrides it.",
            "SMTP DATA limit is * bytes.",
            "20000000"),
    DEFAULTDOMAIN(
            "defaultdomain",
            LINE,
            ME_ELSE_ITS_NAME,
            "qmail-inject",
            RUN,
            "What completes a host name without dots.",
            "Default domain name is *.",
            "corp.example"),
    DEFAULTHOST(
            "defaulthost",
            LINE,
            ME_ELSE_ITS_NAME,
            "qmail-inject",
            RUN,
            "The host of an address without one.",
            "Default host name is *.",
            "corp.example"),
    DOUBLEBOUNCEHOST(
            "doublebouncehost",
            LINE,
            ME_ELSE_ITS_NAME,
            "qmail-send",
            RESTART,
            "The host of `doublebounceto`.",
            "2B recipient host: *.",
            "corp.example"),
    DOUBLEBOUNCETO(
            "doublebounceto",
            LINE,
            "postmaster",
            "qmail-send",
            RESTART,
            "The user who gets bounces that bounce; `@` and `doublebouncehost` are always put after it.",
            "2B recipient user: *.",
            "bounces"),
    ENVNOATHOST(
            "envnoathost",
            LINE,
            ME_ELSE_ITS_NAME,
            "qmail-send",
            RESTART,
            "The domain of a recipient without `@`.",
            "Presumed domain name is *.",
            "corp.example"),
    HELOHOST(
            "helohost",
            LINE,
            ME_IS_NEEDED,
            "qmail-remote",
            DELIVERY,
            "The name that this host gives to other hosts.",
            "SMTP client HELO host name is *.",
            "mx1.corp.example"),
    IDHOST(
            "idhost",
            LINE,
            ME_ELSE_ITS_NAME,
            "qmail-inject",
            RUN,
            "The right side of created Message-IDs.",
            "Message-ID host name is *.",
            "corp.example"),
    LOCALIPHOST(
            "localiphost",
            LINE,
            ME_IF_ANY,
            "qmail-smtpd",
            CONNECTION,
            "The domain put in place of this host's own address in `user@[192.0.2.1]`.",
            "Local IP address becomes *.",
            "corp.example"),
    LOCALS(
            "locals",
            LIST,
            ME_IS_NEEDED,
            "qmail-send",
            RESTART_OR_HUP,
            "The domains whose mail is delivered to accounts here, under the addresses' own names. Hosts below a domain are not"
                    + " covered by it.",
            "Messages for * are delivered locally.",
            "Messages for me are delivered locally.",
            "corp.example\nmail.corp.example"),
    ME(
            "me",
            LINE,
            NONE,
            "every program that uses it as a default",
            Reread.WITH_THE_PROGRAM,
            "This host's name, and the default of many other control files.",
            "My name is *.",
            "mail.corp.example"),
    PERCENTHACK(
            "percenthack",
            LIST,
            NONE,
            "qmail-send",
            RESTART,
            "The domains for which `user%host@domain` is turned into `user@host`.",
            "The percent hack is allowed for user%host@*.",
            "The percent hack is not allowed.",
            "hub.corp.example"),
    PLUSDOMAIN(
            "plusdomain",
            LINE,
            ME_ELSE_ITS_NAME,
            "qmail-inject",
            RUN,
            "What completes a host name that ends in a plus sign.",
            "Plus domain name is *.",
            "example"),
    QMQPSERVERS(
            "qmqpservers",
            LIST,
            NEEDED,
            "qmail-qmqpc",
            RUN,
            "The addresses of the QMQP servers that take this host's mail; they are tried in this order.",
            "QMQP server: *.",
            "No QMQP servers.",
            "192.0.2.1\n192.0.2.2"),
    QUEUELIFETIME(
            "queuelifetime",
            NUMBER,
            "604800",
            "qmail-send",
            RESTART,
            "How many seconds a message is tried for; after that it is tried once more.",
            "Message lifetime in the queue is * seconds.",
            "259200"),
    RCPTHOSTS(
            "rcpthosts",
            LIST,
            NONE,
            "qmail-smtpd, qmail-qmtpd",
            CONNECTION,
            "The domains that mail is taken for from the network; `.corp.example` covers all hosts below `corp.example`. Without"
                    + " the file no mail is taken, except with `openrelay`.",
            "SMTP clients may send messages to recipients at *.",
            "SMTP clients may send messages to any recipient.",
            "corp.example\n.corp.example"),
    MORERCPTHOSTS(
            "morercpthosts",
            LIST,
            NONE,
            "qmail-newmrh, qmail-showctl",
            BY_HAND,
            "More domains like those of `rcpthosts`, for hosts with thousands: `qmail-newmrh` makes `morercpthosts.cdb` from it.",
            "SMTP clients may send messages to recipients at *.",
            "No effect.",
            "shop.test\nclub.test"),
    MORERCPTHOSTS_CDB(
            "morercpthosts.cdb",
            CDB,
            NONE,
            "qmail-smtpd, qmail-qmtpd",
            CONNECTION,
            "`morercpthosts` as a database. It is looked into only if there is a `rcpthosts`, and that does not have the domain.",
            "Modified recently enough; hopefully up to date.",
            "No effect.",
            ""),
    SMTPGREETING(
            "smtpgreeting",
            LINE,
            ME_IS_NEEDED,
            "qmail-smtpd",
            CONNECTION,
            "What the SMTP server calls itself; `ESMTP` is put after it.",
            "SMTP greeting: 220 *.",
            "mx1.corp.example"),
    SMTPROUTES(
            "smtproutes",
            MAP,
            NONE,
            "qmail-remote",
            DELIVERY,
            "Where mail for a domain goes, past the DNS: `domain:relay` or `domain:relay:port`. `.domain` covers the hosts below"
                    + " it, the empty domain all others; an empty relay means the DNS.",
            "SMTP route: *",
            "No artificial SMTP routes.",
            "far.test:192.0.2.7:2525\n.in.corp.example:\n:smarthost.corp.example"),
    TIMEOUTCONNECT(
            "timeoutconnect",
            NUMBER,
            "60",
            "qmail-remote",
            DELIVERY,
            "How many seconds another host may take to accept a connection.",
            "SMTP client connection timeout is * seconds.",
            "30"),
    TIMEOUTREMOTE(
            "timeoutremote",
            NUMBER,
            "1200",
            "qmail-remote",
            DELIVERY,
            "How many seconds another host may take for each answer.",
            "SMTP client data timeout is * seconds.",
            "600"),
    TIMEOUTSMTPD(
            "timeoutsmtpd",
            NUMBER,
            "1200",
            "qmail-smtpd",
            CONNECTION,
            "How many seconds a client may take for each part of its input.",
            "SMTP server data timeout is * seconds.",
            "300"),
    VIRTUALDOMAINS(
            "virtualdomains",
            MAP,
            NONE,
            "qmail-send",
            RESTART_OR_HUP,
            "The domains and addresses whose mail is delivered to one account: `domain:prefix` makes `prefix-user@domain` of"
                    + " `user@domain`. `.domain` covers the hosts below it, the empty domain all others; an empty prefix means"
                    + " another host.",
            "Virtual domain: *",
            "No virtual domains.",
            "shop.test:ann-shop\nsales@eu.test:bob\n.wild.test:alias-wild"),

    CONCURRENCYPERHOST(
            "concurrencyperhost",
            NUMBER,
            "20",
            "qmail-remote",
            DELIVERY,
            "How many connections to one other host there may be at a time; 0 means any number.",
            "Connections to one host at a time: *.",
            "5"),
    DEFAULTDELIVERY(
            "defaultdelivery",
            LINE,
            "./Mailbox",
            "serve",
            RESTART,
            "The `.qmail` line for those who have none.",
            "Default delivery instruction is *.",
            "./Maildir/"),
    MAXRCPT(
            "maxrcpt",
            NUMBER,
            "10000",
            "qmail-smtpd",
            CONNECTION,
            "How many recipients one message from the network may have.",
            "SMTP recipient limit is * per message.",
            "1000"),
    MAXRCPTREMOTE(
            "maxrcptremote",
            NUMBER,
            "1",
            "qmail-send",
            RESTART,
            "How many recipients of one message at one domain may share an SMTP transaction when the message is tried for the"
                    + " first time. Not with qmail-rspawn, and never where each recipient has a sender of its own.",
            "Recipients that share a transaction to another host: *.",
            "50"),
    OPENRELAY(
            "openrelay",
            NUMBER,
            "0",
            "qmail-smtpd, qmail-qmtpd",
            CONNECTION,
            "1 takes mail for every domain in the world if there is no `rcpthosts`: an open relay. For closed networks only.",
            "Open relay without rcpthosts is *.",
            "1"),
    QUEUEEXTRA(
            "queueextra",
            LIST,
            NONE,
            "qmail-send",
            RESTART,
            "Addresses that get a copy of every message that is queued: the place of qmail's build-time `QUEUE_EXTRA`.",
            "Every message is also sent to *.",
            "No message has extra recipients.",
            "log@corp.example"),
    TCP_SMTP(
            "tcp.smtp",
            RULES,
            NONE,
            "tcprules",
            BY_HAND,
            "Who may connect to the SMTP port, and with which variables: `RELAYCLIENT` lets a host relay.",
            "Rule: *",
            "No effect.",
            "127.:allow,RELAYCLIENT=\"\"\n:allow"),
    TCP_SMTP_CDB(
            "tcp.smtp.cdb",
            CDB,
            NONE,
            "serve (tcpserver -x)",
            CONNECTION,
            "`tcp.smtp` as a database, made by `tcprules`.",
            "Modified recently enough; hopefully up to date.",
            "No effect.",
            "");

    /** The form of a control file (core spec, section 12.1). */
    public enum Kind {
        /** The first line, without blanks at its end. */
        LINE,
        /** The digits at the beginning of the first line. */
        NUMBER,
        /** Every line but empty ones and those that begin with {@code #}. */
        LIST,
        /** A list of {@code key:value}. */
        MAP,
        /** A constant database. */
        CDB,
        /** The lines that {@code tcprules} reads. */
        RULES
    }

    /** When a changed file counts. */
    public enum Reread {
        CONNECTION("at each connection"),
        RUN("at each run"),
        DELIVERY("at each delivery"),
        RESTART("after a restart"),
        RESTART_OR_HUP("after a restart or the signal HUP"),
        BY_HAND("when the program runs"),
        WITH_THE_PROGRAM("with the file whose default it is");

        private final String words;

        Reread(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /** What holds if a file is absent. */
    public enum Default {
        /** Nothing is set. */
        NONE,
        /** Without it its reader refuses to run. */
        NEEDED,
        /** A text that the catalogue knows. */
        LITERAL,
        /** The content of {@code me}, if there is one. */
        ME_IF_ANY,
        /** The content of {@code me}; without that its reader refuses to run. */
        ME_IS_NEEDED,
        /** The content of {@code me}, else the file's own name. */
        ME_ELSE_ITS_NAME;

        /** Whether {@code me} is asked first. */
        public boolean isMe() {
            return this == ME_IF_ANY || this == ME_IS_NEEDED || this == ME_ELSE_ITS_NAME;
        }
    }

    /**
     * The most that {@code concurrencylocal} and {@code concurrencyremote} count for. Deliveries are threads here rather than
     * processes, so the limit is not qmail's 120; memory asks for one still.
     */
    public static final int LARGEST_CONCURRENCY = 2_000;

    /** The most that {@code maxrcptremote} counts for: memory, and the log of a whole transaction at once, ask for a limit. */
    public static final int LARGEST_MAXRCPTREMOTE = 1_000;

    private static final List<ControlFile> ALL = List.of(values());

    private final String fileName;
    private final Kind kind;
    private final Default otherwise;
    private final String literal;
    private final String readers;
    private final Reread reread;
    private final String meaning;
    private final String words;
    private final String wordsIfAbsent;
    private final String example;

    /** A line or number with a literal default: what holds in its absence is said in the same words. */
    ControlFile(
            String fileName,
            Kind kind,
            String literal,
            String readers,
            Reread reread,
            String meaning,
            String words,
            String example) {
        this(fileName, kind, Default.LITERAL, literal, readers, reread, meaning, words, words, example);
    }

    /** A line with another default. */
    ControlFile(
            String fileName,
            Kind kind,
            Default otherwise,
            String readers,
            Reread reread,
            String meaning,
            String words,
            String example) {
        this(fileName, kind, otherwise, "", readers, reread, meaning, words, words, example);
    }

    /** A list or database, for whose absence there are words of their own. */
    ControlFile(
            String fileName,
            Kind kind,
            Default otherwise,
            String readers,
            Reread reread,
            String meaning,
            String words,
            String wordsIfAbsent,
            String example) {
        this(fileName, kind, otherwise, "", readers, reread, meaning, words, wordsIfAbsent, example);
    }

    ControlFile(
            String fileName,
            Kind kind,
            Default otherwise,
            String literal,
            String readers,
            Reread reread,
            String meaning,
            String words,
            String wordsIfAbsent,
            String example) {
        this.fileName = fileName;
        this.kind = kind;
        this.otherwise = otherwise;
        this.literal = literal;
        this.readers = readers;
        this.reread = reread;
        this.meaning = meaning;
        this.words = words;
        this.wordsIfAbsent = wordsIfAbsent;
        this.example = example;
    }

    /** All of them, in the order of {@code qmail-showctl}. */
    public static List<ControlFile> all() {
        return ALL;
    }

    /** The control file with a name, if it is known. */
    public static Optional<ControlFile> named(String fileName) {
        for (ControlFile file : ALL) {
            if (file.fileName.equals(fileName)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    public String fileName() {
        return fileName;
    }

    public Kind kind() {
        return kind;
    }

    /** What holds if the file is absent. */
    public Default otherwise() {
        return otherwise;
    }

    /** The text that holds if the file is absent and {@code me} does not come first, if there is one. */
    public Optional<String> literal() {
        return switch (otherwise) {
            case LITERAL -> Optional.of(literal);
            case ME_ELSE_ITS_NAME -> Optional.of(fileName);
            case NONE, NEEDED, ME_IF_ANY, ME_IS_NEEDED -> Optional.empty();
        };
    }

    /** The programs that read it. */
    public String readers() {
        return readers;
    }

    public Reread reread() {
        return reread;
    }

    /** What it is for, in sentences. */
    public String meaning() {
        return meaning;
    }

    /** The words of {@code qmail-showctl} for the value, or for each entry. */
    public String words() {
        return words;
    }

    /** The words of {@code qmail-showctl} after {@code (Default.) }. */
    public String wordsIfAbsent() {
        return wordsIfAbsent;
    }

    /** What the file may hold; empty for a database. */
    public String example() {
        return example;
    }
}
