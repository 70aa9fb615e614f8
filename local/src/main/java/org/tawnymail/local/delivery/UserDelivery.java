package org.tawnymail.local.delivery;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.FileIdentity;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.local.dotqmail.DotQmailDirectory;
import org.tawnymail.local.dotqmail.DotQmailFile;
import org.tawnymail.local.mailbox.Mailboxes;
import org.tawnymail.local.mailbox.MessageBytes;
import org.tawnymail.queue.QueueClient;

/**
 * Delivers one message to one user as the user's {@code .qmail} file says (core spec, section 6.2): its lines in order,
 * and at the end everything that is to be forwarded in one submission.
 *
 * <p>The first line that fails ends the delivery with its exit code; what was delivered before stays delivered, and
 * nothing is forwarded. Safe for use by many threads.
 */
public final class UserDelivery {

    private final Commands commands;
    private final QueueClient queue;
    private final Mailboxes mailboxes;
    private final InstantSource clock;

    public UserDelivery(Commands commands, QueueClient queue, Mailboxes mailboxes, InstantSource clock) {
        this.commands = commands;
        this.queue = queue;
        this.mailboxes = mailboxes;
        this.clock = clock;
    }

    /**
     * Delivers.
     *
     * @return the exit code of qmail-local: 0, or what a program of the file ended with, as 100 or 111
     * @throws Complaint what else goes wrong with the delivery
     * @throws IOException if the report cannot be written
     */
    public int deliver(Delivery delivery, MessageBytes message, Surroundings surroundings) throws IOException {
        DotQmailDirectory directory = asUser(surroundings, () -> DotQmailDirectory.open(delivery.home()));
        refuseLoop(delivery, message);
        Orders orders = Orders.of(asUser(surroundings, () -> find(directory, delivery)), delivery);
        String newSender =
                orders.needNewSender() ? asUser(surroundings, () -> newSender(directory, delivery)) : delivery.sender();
        try (Steps steps = new Steps(delivery, message, surroundings, directory.path(), newSender, orders)) {
            return steps.run();
        }
    }

    /** Tells what would be done with a message: {@code qmail-local -n}. */
    public int describe(Delivery delivery, OutputStream out, OutputStream err) throws IOException {
        DotQmailDirectory directory = DotQmailDirectory.openToLook(delivery.home());
        if (directory.isSticky()) {
            err.write(Octets.of("Warning: home directory is sticky.\n"));
        }
        Description description = new Description();
        Orders orders = Orders.of(find(directory, delivery), delivery);
        orders.follow(description);
        out.write(Octets.of(description.text() + orders.did()));
        out.flush();
        return ExitCode.SUCCESS;
    }

    private static Optional<DotQmailFile> find(DotQmailDirectory directory, Delivery delivery) throws Complaint {
        return directory.find(delivery.dash(), delivery.ext());
    }

    private static String newSender(DotQmailDirectory directory, Delivery delivery) throws Complaint {
        return directory.forwardingSender(
                delivery.dash(), delivery.ext(), delivery.sender(), delivery.local(), delivery.domain());
    }

    private static void refuseLoop(Delivery delivery, MessageBytes message) throws Complaint {
        boolean isLoop;
        try {
            isLoop = message.hasHeaderLine(Octets.of(delivery.deliveredTo()));
        } catch (IOException e) {
            throw new Complaint(ExitCode.TEMPORARY, "Unable to read message: " + Errno.text(e) + ". (#4.3.0)");
        }
        if (isLoop) {
            throw new Complaint(
                    ExitCode.PERMANENT, "This message is looping: it already has my Delivered-To line. (#5.4.6)");
        }
    }

    private static <T> T asUser(Surroundings surroundings, FileIdentity.Work<T> work) throws IOException {
        return surroundings.user().isPresent()
                ? FileIdentity.call(surroundings.user().get(), work)
                : work.run();
    }

    /** The lines of one file carried out for one message. */
    private final class Steps implements Orders.Follower, AutoCloseable {

        private final Delivery delivery;
        private final MessageBytes message;
        private final Path home;
        private final String newSender;
        private final Orders orders;
        private final Surroundings surroundings;
        private final List<String> addresses = new ArrayList<>();
        private final ProgramLines programs;

        Steps(
                Delivery delivery,
                MessageBytes message,
                Surroundings surroundings,
                Path home,
                String newSender,
                Orders orders) {
            this.delivery = delivery;
            this.message = message;
            this.home = home;
            this.newSender = newSender;
            this.orders = orders;
            this.surroundings = surroundings;
            this.programs = new ProgramLines(commands, home, message, surroundings);
        }

        int run() throws IOException {
            int code = orders.follow(this);
            if (code != ExitCode.SUCCESS && code != ExitCode.STOP) {
                return code;
            }
            StringBuilder report = new StringBuilder(32).append(orders.did());
            if (!addresses.isEmpty()) {
                long qp = new Forwarding(queue, surroundings)
                        .forward(delivery, environment(), newSender, addresses, message);
                report.append("qp ").append(qp).append('\n');
            }
            surroundings.out().write(Octets.of(report.toString()));
            surroundings.out().flush();
            return ExitCode.SUCCESS;
        }

        @Override
        public int maildir(String path) throws Complaint {
            mailboxes.maildir(home, path, delivery.returnPath() + delivery.deliveredTo(), message, surroundings.user());
            return ExitCode.SUCCESS;
        }

        @Override
        public int mbox(String path) throws Complaint {
            String head = delivery.fromLine(clock.instant()) + delivery.returnPath() + delivery.deliveredTo();
            mailboxes.mbox(home, path, head, message, surroundings.user());
            return ExitCode.SUCCESS;
        }

        @Override
        public int program(String commandLine) throws Complaint {
            return programs.run(commandLine, environment());
        }

        @Override
        public int forward(String address) {
            addresses.add(address);
            return ExitCode.SUCCESS;
        }

        private Environment environment() {
            return DeliveryEnvironment.of(
                    surroundings.inherited(), delivery, newSender, orders.defaulted(), clock.instant());
        }

        @Override
        public void close() throws IOException {
            programs.close();
        }
    }

    /** What {@code -n} prints. */
    private static final class Description implements Orders.Follower {

        private final StringBuilder lines = new StringBuilder();

        String text() {
            return lines.toString();
        }

        @Override
        public int maildir(String path) {
            return line("maildir ", path);
        }

        @Override
        public int mbox(String path) {
            return line("mbox ", path);
        }

        @Override
        public int program(String commandLine) {
            return line("program ", commandLine);
        }

        @Override
        public int forward(String address) {
            return line("forward ", address);
        }

        private int line(String kind, String what) {
            lines.append(kind).append(what).append('\n');
            return ExitCode.SUCCESS;
        }
    }
}
