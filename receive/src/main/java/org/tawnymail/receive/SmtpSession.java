package org.tawnymail.receive;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Call;
import org.tawnymail.queue.QueueClient;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.tcp.OwnAddresses;
import org.tawnymail.tcp.dns.IpLiteral;

/** One session, from the greeting to its end (core spec, sections 8.2 to 8.7). */
final class SmtpSession {

    /** Core spec, section 14.1. */
    private static final int LONGEST_ADDRESS = 899;

    /** A client that sends so many in a row which make no sense is not talking to us. */
    private static final int MOST_BAD_COMMANDS = 50;

    /** How a session goes on after a command. */
    private enum Next {
        GO_ON,
        /** The client said goodbye. */
        QUIT,
        /** The last reply is given; the connection is to be closed. */
        BREAK_OFF
    }

    private final Call call;
    private final SmtpControls controls;
    private final RecipientDomains.Allowed domains;
    private final SmtpInput input;
    private final SmtpOutput output;
    private final QueueClient queue;
    private final OwnAddresses ownAddresses;
    private final InstantSource clock;
    private final ReceivedField received;
    private final Optional<String> relayClient;

    private Optional<String> helo = Optional.empty();
    private boolean mailSeen;
    private boolean badSender;
    private String sender = "";
    private final List<String> recipients = new ArrayList<>();
    private long recipientOctets;
    private int badCommands;

    SmtpSession(
            Call call,
            SmtpControls controls,
            RecipientDomains.Allowed domains,
            SmtpInput input,
            SmtpOutput output,
            QueueClient queue,
            OwnAddresses ownAddresses,
            InstantSource clock) {
        this.call = call;
        this.controls = controls;
        this.domains = domains;
        this.input = input;
        this.output = output;
        this.queue = queue;
        this.ownAddresses = ownAddresses;
        this.clock = clock;
        this.received = ReceivedField.of(call.environment());
        this.relayClient = call.environment().get("RELAYCLIENT");
    }

    /** @return whether the client ended it with QUIT */
    boolean serve() throws IOException, UnusableControls {
        output.reply("220 " + controls.greeting() + " ESMTP");
        Next next = Next.GO_ON;
        while (next == Next.GO_ON) {
            Optional<String> line = input.command();
            next = line.isPresent() ? obey(line.get()) : bad(SmtpReplies.LINE_TOO_LONG);
        }
        output.flush();
        return next == Next.QUIT;
    }

    private Next obey(String line) throws IOException, UnusableControls {
        int space = line.indexOf(' ');
        String verb = Octets.lowerCase(space < 0 ? line : line.substring(0, space));
        String argument = space < 0 ? "" : withoutLeadingSpaces(line, space);
        return switch (verb) {
            case "mail" -> mail(argument);
            case "rcpt" -> rcpt(argument);
            case "data" -> data();
            case "helo" -> hello(argument, "250 " + controls.greeting());
            case "ehlo" -> hello(argument, extensions());
            case "rset" -> reset();
            case "noop" -> good(SmtpReplies.OK);
            case "vrfy" -> good(SmtpReplies.VRFY);
            case "help" -> good(SmtpReplies.HELP);
            case "quit" -> quit();
            default -> bad(SmtpReplies.UNIMPLEMENTED);
        };
    }

    private Next hello(String name, String reply) throws IOException {
        mailSeen = false;
        helo = Optional.of(name);
        return good(reply);
    }

    private String extensions() {
        return "250-" + controls.greeting() + "\r\n250-PIPELINING\r\n250-SIZE "
                + controls.sizeLimit().orElse(0) + "\r\n250 8BITMIME";
    }

    private Next reset() throws IOException {
        mailSeen = false;
        return good(SmtpReplies.FLUSHED);
    }

    private Next quit() throws IOException {
        output.reply("221 " + controls.greeting());
        return Next.QUIT;
    }

    private Next mail(String argument) throws IOException {
        PathArgument path = PathArgument.parse(argument);
        Optional<String> address = usable(path.address());
        if (address.isEmpty()) {
            return bad(SmtpReplies.SYNTAX);
        }
        OptionalLong limit = controls.sizeLimit();
        OptionalLong declared = limit.isPresent() ? path.size() : OptionalLong.empty();
        if (limit.isPresent() && declared.isPresent() && declared.getAsLong() > limit.getAsLong()) {
            mailSeen = false;
            return refuse(SmtpReplies.TOO_LARGE);
        }
        mailSeen = true;
        sender = address.get();
        badSender = controls.isBad(sender);
        forgetRecipients();
        return good(SmtpReplies.OK);
    }

    private Next rcpt(String argument) throws IOException, UnusableControls {
        if (!mailSeen) {
            return refuse(SmtpReplies.MAIL_FIRST);
        }
        Optional<String> address = usable(PathArgument.parse(argument).address());
        if (address.isEmpty()) {
            return bad(SmtpReplies.SYNTAX);
        }
        if (badSender) {
            return refuse(SmtpReplies.BAD_SENDER);
        }
        if (relayClient.isEmpty() && !domains.covers(address.get())) {
            return refuse(SmtpReplies.NOT_HERE);
        }
        if (recipients.size() >= controls.mostRecipients()
                || recipientOctets + address.get().length() > controls.mostRecipientOctets()) {
            return refuse(SmtpReplies.TOO_MANY_RECIPIENTS);
        }
        recipients.add(address.get() + relayClient.orElse(""));
        recipientOctets += address.get().length();
        return good(SmtpReplies.OK);
    }

    private Next data() throws IOException {
        if (!mailSeen) {
            return refuse(SmtpReplies.MAIL_FIRST);
        }
        if (recipients.isEmpty()) {
            return refuse(SmtpReplies.RCPT_FIRST);
        }
        mailSeen = false;
        output.reply(SmtpReplies.GO_AHEAD);
        byte[] field = received.octets("SMTP", helo, clock.instant());
        try (IncomingMessage message = IncomingMessage.ofLimitedHops(
                queue.begin(call, QueuePort.Origin.NETWORK), field, controls.sizeLimit())) {
            if (input.data(new DataDecoder(message)) == DataDecoder.Progress.BARE_LF) {
                output.reply(SmtpReplies.BARE_LF);
                return Next.BREAK_OFF;
            }
            return good(submit(message));
        } finally {
            forgetRecipients();
        }
    }

    private void forgetRecipients() {
        recipients.clear();
        recipientOctets = 0;
    }

    private String submit(IncomingMessage message) {
        if (message.isLooping()) {
            return SmtpReplies.LOOPING;
        }
        if (message.isTooLarge()) {
            return SmtpReplies.TOO_LARGE;
        }
        return switch (message.commit(sender, recipients)) {
            case QueueResult.Accepted(long qp) -> "250 ok " + clock.instant().getEpochSecond() + " qp " + qp;
            case QueueResult.Refused(boolean permanent, String text) -> (permanent ? "554 " : "451 ") + oneLine(text);
        };
    }

    private Next good(String reply) throws IOException {
        badCommands = 0;
        output.reply(reply);
        return Next.GO_ON;
    }

    /** A reply to a command that was understood, and cannot be obeyed here and now. */
    private Next refuse(String reply) throws IOException {
        output.reply(reply);
        return Next.GO_ON;
    }

    private Next bad(String reply) throws IOException {
        output.reply(reply);
        if (++badCommands < MOST_BAD_COMMANDS) {
            return Next.GO_ON;
        }
        output.reply(SmtpReplies.TOO_MANY_BAD_COMMANDS);
        return Next.BREAK_OFF;
    }

    /** An address that can be taken, with {@code localiphost} for our own address literals. */
    private Optional<String> usable(String written) throws IOException {
        String address = withLocalDomain(written);
        // A CR inside an address would end a line somewhere further on its way (RFC 5321, section 4.1.2 has no such).
        return address.length() > LONGEST_ADDRESS || address.indexOf('\r') >= 0
                ? Optional.empty()
                : Optional.of(address);
    }

    private String withLocalDomain(String address) throws IOException {
        int at = address.lastIndexOf('@');
        boolean literal = at >= 0 && address.startsWith("[", at + 1) && address.endsWith("]");
        if (!literal || controls.localDomain().isEmpty()) {
            return address;
        }
        boolean ours = IpLiteral.ipv4(address.substring(at + 2, address.length() - 1))
                .filter(ownAddresses::contains)
                .isPresent();
        return ours ? address.substring(0, at + 1) + controls.localDomain().get() : address;
    }

    private static String withoutLeadingSpaces(String line, int from) {
        int at = from;
        while (at < line.length() && line.charAt(at) == ' ') {
            at++;
        }
        return line.substring(at);
    }

    /** The text of an outside queue program, which must not look like several replies. */
    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            line.append(c < ' ' ? ' ' : c);
        }
        return line.toString();
    }
}
