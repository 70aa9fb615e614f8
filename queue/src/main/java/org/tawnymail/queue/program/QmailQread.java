package org.tawnymail.queue.program;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.time.Date822;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.DamagedMessage;
import org.tawnymail.queue.Envelope;
import org.tawnymail.queue.disk.LocalDisk;
import org.tawnymail.queue.journal.Journal;
import org.tawnymail.queue.messages.QueueView;

/**
 * qmail-qread (core spec, section 11.4): lists the messages that qmail-send has looked at, and where they still have to go.
 * It reads the journal itself, so it works whether or not the server runs.
 */
public final class QmailQread implements Program {

    private static final int BUFFER = 8 << 10;
    private static final String ZONE = " -0000";

    private final Home home;

    public QmailQread(Home home) {
        this.home = home;
    }

    @Override
    public int run(Call call) throws IOException {
        OutputStream out = new BufferedOutputStream(call.stdout(), BUFFER);
        int code = list(out);
        out.flush();
        return code;
    }

    private int list(OutputStream out) throws IOException {
        Path queue = home.queue();
        if (!Files.isDirectory(queue)) {
            print(out, "fatal: unable to chdir: " + Errno.ENOENT.text() + "\n");
            return ExitCode.TEMPORARY;
        }
        try (QueueView view = QueueView.look(new LocalDisk(), queue)) {
            for (long message : view.messages()) {
                show(out, view, message);
            }
            return ExitCode.SUCCESS;
        } catch (IOException e) {
            print(out, "fatal: unable to opendir " + queue.resolve("journal") + ": " + Errno.text(e) + "\n");
            return ExitCode.TEMPORARY;
        }
    }

    private static void show(OutputStream out, QueueView view, long message) throws IOException {
        StringBuilder text = new StringBuilder(160);
        try {
            view.damage(message)
                    .ifPresent(what -> text.append("warning: trouble with #")
                            .append(message)
                            .append(": ")
                            .append(what)
                            .append('\n'));
            if (view.isRouted(message)) {
                describe(text, view, message);
            }
        } catch (Journal.Gone finishedMeanwhile) {
            return;
        } catch (DamagedMessage damaged) {
            print(out, "warning: trouble with #" + message + ": " + damaged.getMessage() + "\n");
            return;
        } catch (IOException e) {
            print(out, "warning: trouble with #" + message + ": " + Errno.text(e) + "\n");
            return;
        }
        print(out, text.toString());
    }

    private static void describe(StringBuilder text, QueueView view, long message) throws IOException {
        Envelope envelope = view.envelope(message);
        String date = Date822.of(envelope.birth());
        text.append(date, 0, date.length() - ZONE.length()).append(" GMT  #").append(message);
        text.append("  ").append(envelope.size()).append("  <");
        printable(text, envelope.sender());
        text.append("> ").append(view.isBouncing(message) ? " bouncing" : "").append('\n');
        for (Channel channel : Channel.values()) {
            view.recipients(message, channel, (way, address, done) -> {
                text.append(done ? "  done" : "").append(way == Channel.LOCAL ? "\tlocal\t" : "\tremote\t");
                printable(text, address);
                text.append('\n');
            });
        }
    }

    private static void printable(StringBuilder text, String address) {
        for (int i = 0; i < address.length(); i++) {
            char c = address.charAt(i);
            text.append(c >= ' ' && c <= '~' ? c : '_');
        }
    }

    private static void print(OutputStream out, String text) throws IOException {
        out.write(Octets.of(text));
    }
}
