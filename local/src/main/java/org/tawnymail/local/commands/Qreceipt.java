package org.tawnymail.local.commands;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.address.MailAddress;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.message.address.AddressList;
import org.tawnymail.message.address.Token;
import org.tawnymail.message.address.Tokenizer;
import org.tawnymail.message.header.FieldName;
import org.tawnymail.message.header.HeaderField;
import org.tawnymail.message.header.HeaderReader;
import org.tawnymail.queue.QueueClient;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;

/**
 * {@code qreceipt deliveryaddress}: tells the sender of a message that it was delivered, if its field
 * Notice-Requested-Upon-Delivery-To asks for that by naming the address.
 */
public final class Qreceipt implements Program {

    /** The sender of mail to the postmaster about a bounce that bounced (core spec, section 13.7). */
    private static final String DOUBLE_BOUNCE = "#@[]";

    /** A field of so many tokens takes 30 MB to understand; nobody asks for notice to so many addresses. */
    private static final int MOST_TOKENS = 400_000;

    private final QueueClient queue;

    public Qreceipt(QueueClient queue) {
        this.queue = queue;
    }

    @Override
    public int run(Call call) throws IOException {
        Optional<String> sender = call.environment().get("SENDER");
        if (call.arguments().isEmpty() || sender.isEmpty()) {
            throw new Complaint(ExitCode.PERMANENT, "qreceipt: usage: qreceipt deliveryaddress");
        }
        if (sender.get().isEmpty() || sender.get().equals(DOUBLE_BOUNCE)) {
            return ExitCode.SUCCESS;
        }
        String address = call.arguments().getFirst();
        Header header = read(call, address);
        if (header.asks) {
            submit(call, sender.get(), receipt(sender.get(), address, header.messageId));
        }
        return ExitCode.SUCCESS;
    }

    /**
     * What counts of a header.
     *
     * @param asks whether it asks for a receipt
     * @param messageId the whole field, or the empty text
     */
    private record Header(boolean asks, String messageId) {}

    private static Header read(Call call, String address) throws IOException {
        HeaderReader reader = new HeaderReader(call.stdin());
        boolean asks = false;
        String messageId = "";
        Optional<HeaderField> next = field(reader);
        while (next.isPresent()) {
            HeaderField field = next.get();
            if (is(field, FieldName.NOTICE_REQUESTED_UPON_DELIVERY_TO)) {
                asks |= addresses(field).contains(address);
            } else if (is(field, FieldName.MESSAGE_ID)) {
                messageId = field.text();
            }
            next = field(reader);
        }
        return new Header(asks, messageId);
    }

    private static Optional<HeaderField> field(HeaderReader reader) throws Complaint {
        try {
            return reader.next();
        } catch (IOException e) {
            throw fatal(ExitCode.TEMPORARY, "unable to read message: " + Errno.text(e));
        }
    }

    private static boolean is(HeaderField field, FieldName name) {
        return field.name().filter(name::equals).isPresent();
    }

    private static List<String> addresses(HeaderField field) throws Complaint {
        String text = field.text();
        Optional<List<Token>> tokens =
                Tokenizer.mostTokens(text) <= MOST_TOKENS ? Tokenizer.tokens(text) : Optional.empty();
        return tokens.flatMap(AddressList::addresses)
                .orElseThrow(() ->
                        fatal(ExitCode.PERMANENT, "unable to parse this: " + text.substring(0, text.length() - 1)));
    }

    private static String receipt(String sender, String address, String messageId) {
        String to = oneLine(MailAddress.quoted(sender));
        return "From: DELIVERY NOTICE SYSTEM <" + to + ">\nTo: <" + to + ">\nSubject: success notice\n\n"
                + "Hi! This is the qreceipt program. Your message was delivered to the\n"
                + "following address: " + oneLine(address) + ". Thanks for asking.\n"
                + (messageId.isEmpty() ? "" : "Your " + messageId);
    }

    /** A line end in an address must not begin a header field. */
    private static String oneLine(String text) {
        return text.replace('\n', '_');
    }

    private void submit(Call call, String sender, String receipt) throws IOException {
        try (Submission submission = queue.begin(call, Origin.USER)) {
            OutputStream out = submission.message();
            out.write(Octets.of(receipt));
            out.close();
            if (submission.commit("", List.of(sender)) instanceof QueueResult.Refused refused) {
                throw refused.permanent()
                        ? fatal(ExitCode.PERMANENT, "permanent qmail-queue error")
                        : fatal(ExitCode.TEMPORARY, "temporary qmail-queue error");
            }
        }
    }

    private static Complaint fatal(int exitCode, String what) {
        return new Complaint(exitCode, "qreceipt: fatal: " + what);
    }
}
