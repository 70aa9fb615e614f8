package org.tawnymail.remote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Outcome;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.SeekableInput;
import org.tawnymail.remote.smtp.Report;

/**
 * A delivery by another program in the place of qmail-remote, as qmail-rspawn runs it and understands it (core spec, section
 * 7.1).
 */
final class OutsideRemote {

    /** More of what a program says is not remembered; qmail-send keeps 10000 octets of a report. */
    private static final int LONGEST_OUTPUT = 64 * 1024;

    private final Home home;
    private final Commands commands;
    private final Environment environment;

    OutsideRemote(Home home, Commands commands, Environment environment) {
        this.home = home;
        this.commands = commands;
        this.environment = environment;
    }

    Outcome deliver(String command, MessageSource message, String host, String sender, String recipient) {
        Output output = new Output();
        try (SeekableInput in = message.open()) {
            Descriptors descriptors =
                    Descriptors.none().with(0, in).with(1, output).with(2, output);
            Ending ending = commands.run(
                    new Call(command, List.of(host, sender, recipient), environment, descriptors, home.path()));
            return outcome(ending, output.octets());
        } catch (CommandNotRun e) {
            return notRun(e.isTemporary());
        } catch (IOException unreadable) {
            return new Outcome.Deferred("qmail-spawn unable to open message. (#4.3.0)\n");
        }
    }

    private static Outcome outcome(Ending ending, byte[] output) {
        return switch (ending) {
            case Ending.Killed killed -> new Outcome.Deferred("qmail-remote crashed.\n");
            case Ending.Exited(int code) when code != ExitCode.SUCCESS -> notRun(code == ExitCode.TEMPORARY);
            case Ending.Exited exited ->
                output.length == 0
                        ? new Outcome.Deferred("qmail-remote produced no output.\n")
                        : Report.ofRecords(output);
        };
    }

    private static Outcome notRun(boolean temporary) {
        String text = "Unable to run qmail-remote.\n";
        return temporary ? new Outcome.Deferred(text) : new Outcome.Failed(text);
    }

    /** Remembers the beginning of what is written to it. */
    private static final class Output extends java.io.OutputStream {

        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int octet) {
            if (kept.size() < LONGEST_OUTPUT) {
                kept.write(octet);
            }
        }

        @Override
        public synchronized void write(byte[] octets, int from, int length) {
            kept.write(octets, from, Math.min(length, LONGEST_OUTPUT - kept.size()));
        }

        synchronized byte[] octets() {
            return kept.toByteArray();
        }
    }
}
