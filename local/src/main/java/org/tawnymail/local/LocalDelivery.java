package org.tawnymail.local;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.Outcome;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.SeekableInput;
import org.tawnymail.local.delivery.Delivery;
import org.tawnymail.local.delivery.Surroundings;
import org.tawnymail.local.delivery.UserDelivery;
import org.tawnymail.local.mailbox.MessageBytes;
import org.tawnymail.local.mailbox.PrintableLog;
import org.tawnymail.local.users.LocalUser;
import org.tawnymail.local.users.LookupFailure;
import org.tawnymail.local.users.LspawnReport;
import org.tawnymail.local.users.Replacements;
import org.tawnymail.local.users.UserLookup;

/**
 * Delivers to the users of this host: qmail-lspawn and qmail-local in one (core spec, sections 5 and 6).
 *
 * <p>A process of root opens and creates files as the user whose mail it is, and runs programs as children of that user.
 * A process that is that user already (the playground) simply delivers. Any other process may not, and defers. With user
 * id 0 nothing is ever delivered. Where another program stands in the place of {@code bin/qmail-local}, that one is run for
 * each delivery instead.
 *
 * <p>Safe for use by many threads; each delivery works on its caller's thread.
 */
public final class LocalDelivery {

    private final UserLookup users;
    private final UserDelivery deliveries;
    private final Replacements replaced;
    private final OutsideLocal outside;
    private final Environment environment;
    private final String defaultDelivery;
    private final Consumer<String> log;
    private final int ownUid;

    /**
     * @param replaced what an operator has put in the place of qmail-local and qmail-getpw
     * @param environment what programs of users inherit: that of qmail-start
     * @param defaultDelivery the instructions for users without a {@code .qmail} file, such as {@code ./Mailbox}
     * @param log gets a line for each thing that a report does not tell
     */
    public LocalDelivery(
            UserLookup users,
            UserDelivery deliveries,
            Replacements replaced,
            Environment environment,
            String defaultDelivery,
            Consumer<String> log) {
        this.users = users.with(replaced);
        this.deliveries = deliveries;
        this.replaced = replaced;
        this.outside = new OutsideLocal(replaced);
        this.environment = environment;
        this.defaultDelivery = defaultDelivery;
        this.log = new PrintableLog(log);
        this.ownUid = ThisProcess.effectiveUid();
    }

    /**
     * Makes one attempt for one recipient, and returns when its outcome is known and, if it was delivered, durable. Never
     * throws for anything that can happen to mail.
     *
     * @param recipient the address after routing: the part before its last {@code @} decides whose it is
     */
    public Outcome deliver(MessageSource message, String sender, String recipient) {
        int at = recipient.lastIndexOf('@');
        if (at < 0) {
            return new Outcome.Failed("Sorry, address must include host name. (#5.1.3)\n");
        }
        String local = recipient.substring(0, at);
        if (local.isEmpty()) {
            return new Outcome.Delivered("");
        }
        try {
            LocalUser user = users.find(local);
            if (user.uid() == 0) {
                return LspawnReport.DELIVERY_AS_ROOT.outcome();
            }
            if (ownUid != 0 && ownUid != user.uid()) {
                log.accept("alert: unable to deliver to " + recipient + ": it belongs to uid "
                        + Integer.toUnsignedString(user.uid()) + ", and only root may act for another; this is uid "
                        + Integer.toUnsignedString(ownUid));
                return LspawnReport.BUG.outcome();
            }
            Optional<Identity> identity = ownUid == 0 ? Optional.of(user.identity()) : Optional.empty();
            return deliver(message, delivery(user, local, recipient.substring(at + 1), sender), identity);
        } catch (LookupFailure failure) {
            log.accept("warning: unable to look up " + recipient + ": " + failure.getMessage());
            return failure.outcome();
        }
    }

    private Delivery delivery(LocalUser user, String local, String domain, String sender) {
        return new Delivery(user.name(), user.home(), local, user.dash(), user.ext(), domain, sender, defaultDelivery);
    }

    private Outcome deliver(MessageSource message, Delivery delivery, Optional<Identity> identity) {
        try (SeekableInput opened = message.open()) {
            Optional<String> program = replaced.of(OutsideLocal.PROGRAM);
            if (program.isPresent()) {
                return outside.deliver(program.get(), opened, delivery, identity);
            }
            return deliver(message, opened, delivery, identity);
        } catch (IOException unreadable) {
            log.accept("warning: unable to open a message for " + delivery.recipient() + ": " + Errno.text(unreadable));
            return new Outcome.Deferred("qmail-spawn unable to open message. (#4.3.0)\n");
        }
    }

    private Outcome deliver(
            MessageSource message, SeekableInput opened, Delivery delivery, Optional<Identity> identity) {
        DeliveryReport report = new DeliveryReport();
        try {
            Surroundings surroundings = new Surroundings(environment, report, report, identity);
            int code = deliveries.deliver(delivery, read(message, opened), surroundings);
            return LspawnReport.outcome(code, report.text());
        } catch (Complaint complaint) {
            byte[] line = Octets.of(complaint.line() + "\n");
            report.write(line, 0, line.length);
            return LspawnReport.outcome(complaint.exitCode(), report.text());
        } catch (IOException e) {
            log.accept("alert: unable to deliver to " + delivery.recipient() + ": " + e.getMessage());
            return LspawnReport.BUG.outcome();
        }
    }

    private static MessageBytes read(MessageSource message, SeekableInput opened) throws Complaint {
        try {
            return MessageBytes.of(message, opened);
        } catch (IOException e) {
            throw new Complaint(ExitCode.TEMPORARY, "Unable to read message: " + Errno.text(e) + ". (#4.3.0)");
        }
    }
}
