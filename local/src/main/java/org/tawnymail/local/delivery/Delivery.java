package org.tawnymail.local.delivery;

import java.time.Instant;
import org.tawnymail.base.address.MailAddress;
import org.tawnymail.base.time.MboxDate;

/**
 * One delivery: the eight arguments of qmail-local (core spec, section 6.1). All text is what strangers sent, except
 * user, home, dash and the default.
 *
 * @param home the absolute path of the user's home directory
 * @param local the local part of the recipient, in its original case
 * @param dash what stands between {@code .qmail} and the extension, usually {@code -} or nothing
 * @param ext the extension, in its original case
 * @param defaultInstructions what counts where a file is absent or empty, such as {@code ./Mailbox}
 */
public record Delivery(
        String user,
        String home,
        String local,
        String dash,
        String ext,
        String domain,
        String sender,
        String defaultInstructions) {

    /** The recipient's address. */
    public String recipient() {
        return local + "@" + domain;
    }

    /** {@code Delivered-To: ANN@HOST}, with its LF: shows a loop when it is met again. */
    public String deliveredTo() {
        return "Delivered-To: " + oneLine(recipient()) + "\n";
    }

    /** {@code Return-Path: <SENDER>}, with its LF. */
    public String returnPath() {
        return "Return-Path: <" + oneLine(MailAddress.quoted(sender)) + ">\n";
    }

    /** The line that begins a message in an mbox, with its LF. */
    public String fromLine(Instant when) {
        String name = sender.isEmpty()
                ? "MAILER-DAEMON"
                : sender.replace(' ', '-').replace('\t', '-').replace('\n', '-');
        return "From " + name + " " + MboxDate.of(when) + "\n";
    }

    private static String oneLine(String text) {
        return text.replace('\n', '_');
    }
}
