package org.tawnymail.local.commands;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.FileStatus;
import org.tawnymail.base.posix.LoginRecords;
import org.tawnymail.base.posix.OpenFileOutput;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.message.header.Glimpse;

/**
 * {@code qbiff}: writes a notice of the message to the terminals on which its recipient is logged in and wants to be told
 * ({@code biff y}). It always succeeds: mail must not wait for a notice.
 */
public final class Qbiff implements Program {

    private static final String BEFORE = "\r\n\u0007";
    private static final String LINE_END = "\r\n";

    /** The second line, its indentation included. */
    private static final int LONGEST_TEXT = 78;

    private static final String INDENTATION = "    ";

    /** What {@code biff y} sets: the right of the terminal's owner to execute it. */
    private static final int WANTS_NOTICES = 0100;

    /** How long a terminal that was stopped may hold the delivery. */
    private static final Duration LONGEST_WRITE = Duration.ofSeconds(5);

    private final Path loginRecords;
    private final Path devices;
    private final IntSupplier uid;

    /**
     * @param loginRecords who is logged in where, {@link LoginRecords#SYSTEM}
     * @param devices the directory of the terminals, {@code /dev}
     * @param uid the user that this runs as
     */
    public Qbiff(Path loginRecords, Path devices, IntSupplier uid) {
        this.loginRecords = loginRecords;
        this.devices = devices;
        this.uid = uid;
    }

    @Override
    public int run(Call call) {
        try {
            List<String> terminals = LoginRecords.terminals(
                    loginRecords, call.environment().get("USER").orElse(""));
            if (!terminals.isEmpty()) {
                byte[] notice = Octets.of(notice(call));
                for (String terminal : terminals) {
                    tell(terminal, notice);
                }
            }
        } catch (IOException unreadable) {
            // Neither records nor a message that cannot be read are worth more than the notice.
        }
        return ExitCode.SUCCESS;
    }

    private static String notice(Call call) throws IOException {
        Environment environment = call.environment();
        String who = "*** TO <" + environment.get("LOCAL").orElse("") + "> FROM <"
                + environment.get("SENDER").orElse("") + ">";
        String what =
                Glimpse.of(call.stdin(), LONGEST_TEXT - INDENTATION.length()).text();
        return BEFORE + Glimpse.printable(who, '_') + LINE_END + INDENTATION + Glimpse.printable(what, '/') + LINE_END;
    }

    private void tell(String terminal, byte[] notice) {
        if (terminal.isEmpty() || terminal.startsWith("/") || terminal.contains(".")) {
            return;
        }
        try {
            Path device = devices.resolve(Octets.path(terminal));
            FileStatus status = FileStatus.of(device);
            if (status.uid() == uid.getAsInt() && status.hasAny(WANTS_NOTICES)) {
                try (OpenFileOutput out = OpenFileOutput.toExisting(device)) {
                    out.timeout(LONGEST_WRITE);
                    out.write(notice, 0, notice.length);
                }
            }
        } catch (InvalidPathException | IOException gone) {
            // Logged out meanwhile, or a terminal that takes no more: the mail is what counts.
        }
    }
}
