package org.tawnymail.inject;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.address.MailAddress;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Environment;
import org.tawnymail.message.address.HostDefaults;
import org.tawnymail.message.address.Token;
import org.tawnymail.message.address.TokenPrinter;
import org.tawnymail.message.address.Tokenizer;

/**
 * Who writes, as the environment says (core spec, section 3.2).
 *
 * @param user the local part of the created From
 * @param host its host, if any; else the default host is put there
 * @param senderUser the local part of the default envelope sender
 * @param senderHost its host
 * @param name the personal name in the created From
 */
record Author(
        String user, Optional<String> host, String senderUser, Optional<String> senderHost, Optional<String> name) {

    private static final String VERP_MARK = "-@[]";

    static Author of(Environment environment) {
        String user =
                environment.firstOf("QMAILUSER", "MAILUSER", "USER", "LOGNAME").orElse("anonymous");
        Optional<String> host = environment.firstOf("QMAILHOST", "MAILHOST");
        Optional<String> senderHost = environment.get("QMAILSHOST");
        return new Author(
                user,
                host,
                environment.get("QMAILSUSER").orElse(user),
                senderHost.isPresent() ? senderHost : host,
                environment.firstOf("QMAILNAME", "MAILNAME", "NAME"));
    }

    /**
     * The From field that a message without one gets (core spec, section 3.8). Line breaks in it become spaces, so that
     * a name cannot add fields to the header.
     */
    String fromField(String fieldName, HostDefaults hosts, boolean nameAsComment) throws Complaint {
        List<Token> field = new ArrayList<>();
        field.add(Token.atom(fieldName));
        field.add(Token.COLON);
        Optional<String> oneLineHost = host.isPresent() ? Optional.of(onOneLine(host.get())) : host;
        List<Token> address = address(onOneLine(user), oneLineHost, hosts);
        if (name.isEmpty()) {
            field.addAll(address);
        } else if (nameAsComment) {
            field.addAll(address);
            field.add(Token.comment(onOneLine(name.get())));
        } else {
            field.add(Token.quoted(onOneLine(name.get())));
            field.add(Token.LEFT);
            field.addAll(address);
            field.add(Token.RIGHT);
        }
        return TokenPrinter.field(field).concat("\n");
    }

    /**
     * The envelope sender of a message for which nobody gives one (core spec, section 3.9).
     *
     * @param messageMark what makes it the sender of one message alone: the time in seconds, a dot, the process id
     */
    String sender(HostDefaults hosts, Letters letters, String messageMark) throws Complaint {
        StringBuilder local = new StringBuilder(senderUser);
        if (letters.senderPerMessage()) {
            local.append('-').append(messageMark);
        }
        if (letters.senderPerRecipient()) {
            local.append('-');
        }
        String sender = TokenPrinter.envelope(address(local.toString(), senderHost, hosts));
        return letters.senderPerRecipient() ? perRecipient(sender) : sender;
    }

    /** Marks a sender for expansion per recipient by qmail-send (core spec, section 13.7). */
    static String perRecipient(String sender) {
        return sender.concat(VERP_MARK);
    }

    private static List<Token> address(String local, Optional<String> host, HostDefaults hosts) throws Complaint {
        List<Token> address = new ArrayList<>();
        address.add(MailAddress.needsQuotes(local) ? Token.quoted(local) : Token.atom(local));
        if (host.isPresent()) {
            address.addAll(hostTokens("@".concat(host.get())));
        }
        hosts.complete(address);
        return address;
    }

    private static List<Token> hostTokens(String atHost) throws Complaint {
        Optional<List<Token>> tokens = Tokenizer.tokens(atHost);
        if (tokens.isEmpty()) {
            throw Fatal.unparsableLine(atHost);
        }
        return tokens.get();
    }

    /** A text from outside that cannot end a line of the header. */
    static String onOneLine(String text) {
        return text.replace('\n', ' ').replace('\r', ' ');
    }
}
