package org.tawnymail.queue;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.posix.JoiningPipe;
import org.tawnymail.base.posix.OpenFileInput;
import org.tawnymail.base.process.Pipe;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.Environment;

/**
 * A submission to the program that {@code QMAILQUEUE} names (core spec, section 2.6): message on descriptor 0, envelope on
 * descriptor 1, a text of its own choice on descriptor 6; the other descriptors are those of the submitter, so what it says on
 * 2 goes where the submitter's own words go. It is started in the home directory when the submission begins, and the message
 * flows through pipes, so none of it is held here.
 *
 * <p>The environment is handed on as it is, {@code QMAILQUEUE} included: a filter usually ends as qmail-queue, and that takes
 * no notice of it.
 */
final class OutsideSubmission implements Submission {

    /** qmail-queue never runs longer than a day, and nor does what stands in its place. */
    private static final Duration LONGEST_LIFE = Duration.ofDays(1);

    /** How much of descriptor 6 is read. */
    private static final int LONGEST_TEXT = 255;

    private static final int HOME_CODE = 61;
    private static final int TIMEOUT_CODE = 52;

    private final ErrorText errorText = new ErrorText();
    private @Nullable Child child;
    private @Nullable QueueResult trouble;
    private boolean messageBroken;
    private boolean over;

    /**
     * @param inherited the descriptors of the submitter
     * @param user whom the program is to run as, if not as this process
     */
    OutsideSubmission(
            Home home,
            Commands commands,
            Environment environment,
            Descriptors inherited,
            String command,
            Optional<Identity> user) {
        if (!Files.isDirectory(home.path())) {
            trouble = QueueExit.of(new Ending.Exited(HOME_CODE), "", 0);
            return;
        }
        try {
            child = new Child(home.path(), commands, environment, inherited, command, user, errorText);
        } catch (IOException notRun) {
            trouble = QueueExit.of(new Ending.Exited(QueueExit.NOT_RUN_CODE), "", 0);
        }
    }

    @Override
    public OutputStream message() {
        return new OutputStream() {
            @Override
            public void write(int octet) {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                if (child != null && !messageBroken && !over) {
                    try {
                        child.message.out.write(bytes, offset, length);
                    } catch (IOException itReadsNoMore) {
                        // Its exit code says why. It gets no envelope: what it has is no message.
                        messageBroken = true;
                    }
                }
            }
        };
    }

    @Override
    public QueueResult commit(String sender, Iterable<String> recipients) {
        if (over) {
            throw new IllegalStateException("committed or closed before");
        }
        Child running = child;
        if (running == null) {
            over = true;
            return trouble == null ? new QueueResult.Refused(false, QueueExit.NOT_RUN) : trouble;
        }
        try {
            if (messageBroken) {
                running.abandon();
            } else {
                writeEnvelope(running, sender, recipients);
            }
            return QueueExit.of(ending(running), errorText.text(), running.number);
        } finally {
            close();
        }
    }

    /** A program that calls it a success without having read the message has read half of it at most. */
    private Ending ending(Child running) {
        Ending ending = running.await();
        boolean isMistaken = messageBroken && ending instanceof Ending.Exited(int code) && code == 0;
        return isMistaken ? new Ending.Exited(QueueExit.READ_ERROR_CODE) : ending;
    }

    private static void writeEnvelope(Child running, String sender, Iterable<String> recipients) {
        running.message.end();
        try {
            OutputStream out = new BufferedOutputStream(running.envelope.out, 4096);
            write(out, 'F', sender);
            for (String recipient : recipients) {
                write(out, 'T', recipient);
            }
            out.write(0);
            out.flush();
        } catch (IOException itReadsNoMore) {
            // Its exit code says why.
        }
        running.envelope.end();
    }

    private static void write(OutputStream out, char type, String address) throws IOException {
        out.write(type);
        out.write(Octets.of(address));
        out.write(0);
    }

    /** Without its final NUL the envelope is none: the program gives the message up. */
    @Override
    public void close() {
        if (!over) {
            over = true;
            if (child != null) {
                child.abandon();
            }
        }
    }

    /** The program, and what joins us to it. */
    private static final class Child {

        private final Joint message;
        private final Joint envelope;
        private final Commands.Running running;
        private final long number;
        private final Thread reaper;
        private volatile @Nullable Ending ending;

        Child(
                Path home,
                Commands commands,
                Environment environment,
                Descriptors inherited,
                String command,
                Optional<Identity> user,
                OutputStream errorText)
                throws IOException {
            // No search along PATH: a name is relative to the home directory.
            String program = Octets.fileName(home.resolve(Octets.path(command)));
            boolean isOurs = commands.isOurs(program, environment) && user.isEmpty();
            message = isOurs ? Joint.inside() : Joint.toProcess();
            try {
                envelope = isOurs ? Joint.inside() : Joint.toProcess();
            } catch (IOException e) {
                message.letGo();
                throw e;
            }
            Descriptors descriptors =
                    inherited.with(0, message.childs).with(1, envelope.childs).with(6, errorText);
            Call call = new Call(program, List.of(), environment, descriptors, home);
            try {
                running = user.isPresent() ? commands.start(call, user.get()) : commands.start(call);
            } catch (CommandNotRun | RuntimeException e) {
                message.letGo();
                envelope.letGo();
                throw e;
            }
            if (!isOurs) {
                message.started();
                envelope.started();
            }
            number = running.pid();
            reaper = Thread.ofVirtual().name("qmail-queue-", number).start(this::reap);
        }

        private void reap() {
            ending = running.await();
            message.started();
            envelope.started();
        }

        Ending await() {
            boolean interrupted = false;
            Duration left = LONGEST_LIFE;
            while (true) {
                try {
                    if (!reaper.join(left)) {
                        running.kill();
                        return new Ending.Exited(TIMEOUT_CODE);
                    }
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                    running.kill();
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            Ending how = ending;
            return how == null ? new Ending.Exited(QueueExit.INTERNAL_BUG_CODE) : how;
        }

        void abandon() {
            message.end();
            envelope.end();
        }
    }

    /** A pipe whose other end is the program's. */
    private static final class Joint {

        private final InputStream childs;
        private final OutputStream out;
        private final Closeable childsEnd;
        private boolean ended;

        private Joint(InputStream childs, OutputStream out, Closeable childsEnd) {
            this.childs = childs;
            this.out = out;
            this.childsEnd = childsEnd;
        }

        /** For a program of ours in this process. */
        static Joint inside() {
            Pipe pipe = new Pipe();
            return new Joint(pipe.input(), pipe.output(), pipe.input());
        }

        /** For another process: a pipe of the system, so that each side notices at once when the other lets go. */
        static Joint toProcess() throws IOException {
            JoiningPipe pipe = JoiningPipe.toChild();
            return new Joint(new OpenFileInput(pipe.childEnd()), pipe.output(), pipe::closeChildEnd);
        }

        /** The program has its end, or has ended: we let go of ours of it. */
        void started() {
            close(childsEnd);
        }

        /** There is no program. */
        void letGo() {
            started();
            end();
        }

        /** Nothing more comes. */
        void end() {
            if (!ended) {
                ended = true;
                close(out);
            }
        }

        private static void close(Closeable end) {
            try {
                end.close();
            } catch (IOException gone) {
                // The program at the other end has ended, and its exit code speaks.
            }
        }
    }

    /** What the program writes to descriptor 6. */
    private static final class ErrorText extends OutputStream {

        private final ByteArrayOutputStream text = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int octet) {
            if (text.size() < LONGEST_TEXT) {
                text.write(octet);
            }
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            text.write(bytes, offset, Math.min(length, LONGEST_TEXT - text.size()));
        }

        synchronized String text() {
            return Octets.text(text.toByteArray());
        }
    }
}
