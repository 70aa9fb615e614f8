package org.tawnymail.inject;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.address.MailAddress;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.message.address.HostDefaults;
import org.tawnymail.message.address.Token;
import org.tawnymail.message.address.TokenPrinter;
import org.tawnymail.message.address.Tokenizer;
import org.tawnymail.message.header.HeaderField;
import org.tawnymail.message.header.HeaderReader;
import org.tawnymail.message.header.HeaderTooLarge;
import org.tawnymail.queue.QueueClient;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;

/**
 * {@code qmail-inject}: reads a message, completes its header, and queues it for its recipients (core spec, section 3).
 *
 * <p>The header is held back until it is complete; then the message streams. Started from a shell it must answer at once,
 * so its path stays on few classes: no regular expressions, no streams, no lambdas, no {@code String.format}.
 */
public final class QmailInject implements Program {

    private static final int BUFFER = 8 << 10;

    private final Home home;
    private final ControlFiles controls;
    private final QueueClient queue;
    private final InstantSource clock;

    public QmailInject(Home home, QueueClient queue, InstantSource clock) {
        this.home = home;
        this.controls = home.controls();
        this.queue = queue;
        this.clock = clock;
    }

    @Override
    public int run(Call call) throws IOException {
        InjectSettings settings = InjectSettings.read(call, controls);
        if (!Files.isDirectory(home.path())) {
            throw Fatal.internalBug();
        }
        InjectOptions options = InjectOptions.of(call);
        Optional<String> givenSender = givenSender(options, settings.hosts());
        List<String> recipients = argumentRecipients(options, settings.hosts());

        HeaderReader reader = new HeaderReader(call.stdin());
        OutgoingHeader header = readHeader(reader, settings);
        if (options.headerCounts()) {
            recipients.addAll(header.recipients());
        }
        Instant now = clock.instant();
        String sender = givenSender.isPresent() ? givenSender.get() : sender(header, settings, now, call.pid());

        StringBuilder text = new StringBuilder();
        if (options.printOnly()) {
            text.append("Return-Path: <").append(MailAddress.quoted(sender)).append(">\n");
        }
        new CreatedFields(text, settings, header).append(now, call.pid());
        byte[] completed = Octets.of(text.append(header.kept()).toString());
        if (options.printOnly()) {
            print(call.stdout(), completed, reader.body());
        } else {
            submit(call, completed, reader.body(), sender, recipients);
        }
        return ExitCode.SUCCESS;
    }

    /** The sender of option f: an address of the envelope, with neither quotes nor angles (core spec, section 3.9). */
    private static Optional<String> givenSender(InjectOptions options, HostDefaults hosts) throws Complaint {
        if (options.sender().isEmpty()) {
            return Optional.empty();
        }
        String value = options.sender().get();
        Optional<String> sender = completed(value, hosts);
        if (sender.isEmpty()) {
            throw Fatal.unparsableLine(value);
        }
        return sender;
    }

    private static List<String> argumentRecipients(InjectOptions options, HostDefaults hosts) throws Complaint {
        List<String> recipients = new ArrayList<>();
        for (String argument : options.argumentRecipients()) {
            Optional<String> recipient = completed(argument, hosts);
            if (recipient.isEmpty()) {
                throw Fatal.unparsableAddress(argument);
            }
            recipients.add(recipient.get());
        }
        return recipients;
    }

    private static Optional<String> completed(String address, HostDefaults hosts) {
        Optional<List<Token>> tokens = Tokenizer.tokens(MailAddress.quoted(address));
        if (tokens.isEmpty()) {
            return Optional.empty();
        }
        hosts.complete(tokens.get());
        return Optional.of(TokenPrinter.envelope(tokens.get()));
    }

    private static OutgoingHeader readHeader(HeaderReader reader, InjectSettings settings) throws Complaint {
        OutgoingHeader header = new OutgoingHeader(settings.hosts(), settings.letters());
        Optional<HeaderField> field = next(reader);
        while (field.isPresent()) {
            header.add(field.get());
            field = next(reader);
        }
        return header;
    }

    private static Optional<HeaderField> next(HeaderReader reader) throws Complaint {
        try {
            return reader.next();
        } catch (HeaderTooLarge tooLarge) {
            throw Fatal.permanent(String.valueOf(tooLarge.getMessage()));
        } catch (IOException unreadable) {
            throw Fatal.readError();
        }
    }

    private static String sender(OutgoingHeader header, InjectSettings settings, Instant now, long pid)
            throws Complaint {
        Letters letters = settings.letters();
        Optional<String> returnPath = header.returnPath();
        if (returnPath.isEmpty()) {
            String messageMark = Long.toString(now.getEpochSecond()).concat(".").concat(Long.toString(pid));
            return settings.author().sender(settings.hosts(), letters, messageMark);
        }
        boolean mark = letters.senderPerRecipient() && !returnPath.get().isEmpty();
        return mark ? Author.perRecipient(returnPath.get()) : returnPath.get();
    }

    private static void print(OutputStream stdout, byte[] header, InputStream body) throws Complaint {
        try {
            BufferedOutputStream out = new BufferedOutputStream(stdout, BUFFER);
            out.write(header);
            copy(body, out);
            out.flush();
        } catch (Complaint complaint) {
            throw complaint;
        } catch (IOException unwritable) {
            throw Fatal.writeError();
        }
    }

    private void submit(Call call, byte[] header, InputStream body, String sender, List<String> recipients)
            throws IOException {
        try (Submission submission = queue.begin(call, QueuePort.Origin.USER)) {
            BufferedOutputStream message = new BufferedOutputStream(submission.message(), BUFFER);
            message.write(header);
            copy(body, message);
            message.flush();
            QueueResult result = submission.commit(sender, recipients);
            if (result instanceof QueueResult.Refused refused) {
                throw refused.permanent() ? Fatal.permanent(refused.text()) : Fatal.temporary(refused.text());
            }
        }
    }

    private static void copy(InputStream body, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        int count = read(body, buffer);
        while (count >= 0) {
            out.write(buffer, 0, count);
            count = read(body, buffer);
        }
    }

    private static int read(InputStream body, byte[] buffer) throws Complaint {
        try {
            return body.read(buffer);
        } catch (IOException unreadable) {
            throw Fatal.readError();
        }
    }
}
