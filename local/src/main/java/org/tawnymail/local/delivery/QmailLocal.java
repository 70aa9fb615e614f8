package org.tawnymail.local.delivery;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Options;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.program.SeekableInput;
import org.tawnymail.local.mailbox.MessageBytes;

/**
 * {@code qmail-local [-nN] user homedir local dash ext domain sender defaultdelivery}: delivers the message on descriptor
 * 0, which can be rewound, as whoever runs it (core spec, section 6).
 */
public final class QmailLocal implements Program {

    private static final int ARGUMENTS = 8;

    private final UserDelivery deliveries;

    public QmailLocal(UserDelivery deliveries) {
        this.deliveries = deliveries;
    }

    @Override
    public int run(Call call) throws IOException {
        Options options;
        try {
            options = Options.parse(call, "nN");
        } catch (Options.Unknown unknown) {
            call.complain(unknown.line());
            throw usage();
        }
        List<String> a = options.operands();
        if (a.size() != ARGUMENTS || !a.get(1).startsWith("/")) {
            throw usage();
        }
        Delivery delivery =
                new Delivery(a.get(0), a.get(1), a.get(2), a.get(3), a.get(4), a.get(5), a.get(6), a.get(7));
        boolean onlyDescribe = false;
        for (Options.Option option : options.options()) {
            onlyDescribe = option.letter() == 'n';
        }
        if (onlyDescribe) {
            return deliveries.describe(delivery, call.stdout(), call.stderr());
        }
        Surroundings surroundings =
                new Surroundings(call.environment(), call.stdout(), call.stderr(), Optional.empty());
        return deliveries.deliver(delivery, message(call), surroundings);
    }

    private static MessageBytes message(Call call) throws IOException {
        SeekableInput input = rewound(call);
        try {
            return MessageBytes.of(input);
        } catch (IOException e) {
            throw new Complaint(ExitCode.TEMPORARY, "Unable to read message: " + Errno.text(e) + ". (#4.3.0)");
        }
    }

    /** A pipe cannot be read once for each instruction. */
    private static SeekableInput rewound(Call call) throws IOException {
        try {
            if (call.stdin() instanceof SeekableInput input) {
                input.rewind();
                return input;
            }
        } catch (IOException cannotBe) {
            // Said below, in the words for every input that cannot be rewound.
        }
        throw new Complaint(ExitCode.TEMPORARY, "Unable to rewind message. (#4.3.0)");
    }

    private static Complaint usage() {
        return new Complaint(
                ExitCode.PERMANENT,
                "qmail-local: usage: qmail-local [ -nN ] user homedir local dash ext domain sender aliasempty");
    }
}
