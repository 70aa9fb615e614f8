package org.tawnymail.pickup.reader;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.message.header.Glimpse;
import org.tawnymail.pickup.pop3.Maildrop;
import org.tawnymail.pickup.pop3.MaildropScan;

/**
 * {@code maildirwatch}: shows on a terminal, again and again, what is new in the Maildir {@code MAILDIR}: from whom, to which
 * address, and how it begins. It ends when its terminal does.
 */
public final class Maildirwatch implements Program {

    private static final String CLEAR_SCREEN = "\u001b[;H\u001b[;J";
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";

    /** Subject and beginning of the body: two lines of a terminal. */
    private static final int LONGEST_TEXT = 158;

    /** What fits on no screen is not looked at. */
    private static final int MOST_MESSAGES = 1000;

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(30);

    private final InstantSource clock;
    private final Pause pause;

    /** Waits for a while. */
    @FunctionalInterface
    public interface Pause {
        void sleep(Duration time) throws InterruptedException;
    }

    /** @param pause waits between two looks: {@link Thread#sleep(Duration)} */
    public Maildirwatch(InstantSource clock, Pause pause) {
        this.clock = clock;
        this.pause = pause;
    }

    @Override
    public int run(Call call) throws IOException {
        String name = call.environment().get("MAILDIR").orElseThrow(() -> fatal("MAILDIR not set"));
        Path maildir = directory(call, name);
        OutputStream out = call.stdout();
        try {
            while (true) {
                MaildropScan.cleanTmp(maildir, clock.instant());
                out.write(Octets.of(page(scan(maildir))));
                out.flush();
                pause.sleep(BETWEEN_LOOKS);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return ExitCode.TEMPORARY;
        }
    }

    private static Path directory(Call call, String name) throws Complaint {
        try {
            Path maildir = call.path(name);
            if (Files.isDirectory(maildir)) {
                return maildir;
            }
        } catch (InvalidPathException unreachable) {
            // There is no such directory either.
        }
        throw fatal("unable to chdir to " + name + ": " + Errno.ENOENT.text());
    }

    private Maildrop scan(Path maildir) throws Complaint {
        try {
            return MaildropScan.listNew(maildir, clock.instant());
        } catch (IOException e) {
            throw fatal("unable to scan $MAILDIR/new: " + Errno.text(e));
        }
    }

    private static String page(Maildrop messages) {
        StringBuilder page = new StringBuilder(CLEAR_SCREEN);
        for (int number = 1; number <= Math.min(MOST_MESSAGES, messages.last()); number++) {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(messages.path(number)))) {
                add(Glimpse.of(in, LONGEST_TEXT), page);
            } catch (IOException gone) {
                // A reader has taken it meanwhile, or it has no header that could be shown.
            }
        }
        return page.toString();
    }

    private static void add(Glimpse message, StringBuilder page) {
        page.append("FROM ").append(printable(message.returnPath().orElse("")));
        page.append(" TO <").append(printable(message.deliveredTo().orElse(""))).append(">\n");
        if (message.from().isPresent()) {
            page.append(BOLD)
                    .append(printable(message.from().get()))
                    .append(PLAIN)
                    .append('\n');
        }
        page.append(Glimpse.printable(message.text(), '/')).append("\n\n");
    }

    private static String printable(String text) {
        return Glimpse.printable(text, '_');
    }

    private static Complaint fatal(String what) {
        return new Complaint(ExitCode.TEMPORARY, "maildirwatch: fatal: " + what);
    }
}
