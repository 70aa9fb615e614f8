package org.tawnymail.send.spawn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.line.SharedLog;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.QueueClient;
import org.tawnymail.queue.QueueInUse;
import org.tawnymail.queue.door.QueueSocketServer;
import org.tawnymail.queue.door.QueueSocketServer.Access;
import org.tawnymail.queue.messages.JournalQueue;
import org.tawnymail.queue.messages.QueueOptions;
import org.tawnymail.send.QmailSend;

/**
 * {@code qmail-send}: owns the queue and has its mail delivered by the spawners that qmail-start has joined it to (core spec,
 * sections 1.5, 4.1, 4.8 and 4.11).
 *
 * <pre>
 *   0   log, for writing              3   commands to qmail-rspawn      5   commands to qmail-clean: not used
 *   1   commands to qmail-lspawn      4   reports of qmail-rspawn       6   answers of qmail-clean: not used
 *   2   reports of qmail-lspawn
 * </pre>
 */
public final class QmailSendProgram implements Program {

    private static final String CANNOT_START = "alert: cannot start: ";

    /** What is private is made so by name. */
    private static final int MASK = 0022;

    /** Deliveries under way are waited for after TERM, as qmail does; none takes longer than this. */
    private static final Duration PATIENCE = Duration.ofDays(1);

    private final Home home;
    private final Commands commands;
    private final InstantSource clock;
    private final BiConsumer<String, Runnable> signals;

    /**
     * @param commands run the program of {@code QMAILQUEUE} for bounces
     * @param signals sees to it that an action is run when a signal comes, such as {@code TERM}
     */
    public QmailSendProgram(Home home, Commands commands, InstantSource clock, BiConsumer<String, Runnable> signals) {
        this.home = home;
        this.commands = commands;
        this.clock = clock;
        this.signals = signals;
    }

    @Override
    public int run(Call call) throws IOException {
        SharedLog log = new SharedLog(call.descriptors().out(0));
        if (!Files.isDirectory(home.path())) {
            return cannotStart(log, "unable to switch to home directory");
        }
        try {
            QmailSend.checkControls(home.controls(), log);
        } catch (Complaint toldInTheLog) {
            return toldInTheLog.exitCode();
        }
        ThisProcess.umask(MASK);
        if (!canUse(home.queue())) {
            return cannotStart(log, "unable to switch to queue directory");
        }
        JournalQueue queue;
        try {
            queue = JournalQueue.open(home.queue(), QueueOptions.of(home.controls()), clock, log::line);
        } catch (QueueInUse inUse) {
            return cannotStart(log, "qmail-send is already running");
        } catch (IOException e) {
            return cannotStart(log, canLock() ? "unable to open the queue: " + reason(e) : "unable to open mutex");
        }
        try (queue) {
            return run(call, queue, log);
        } catch (IOException e) {
            log.line("alert: unable to close the queue: " + reason(e) + "; nothing that was accepted is lost");
            return ExitCode.TEMPORARY;
        }
    }

    private int run(Call call, JournalQueue queue, SharedLog log) {
        try {
            return serve(call, queue, log);
        } catch (Complaint toldInTheLog) {
            return toldInTheLog.exitCode();
        } catch (IOException e) {
            return cannotStart(log, "unable to open the queue: " + reason(e));
        }
    }

    private int serve(Call call, JournalQueue queue, SharedLog log) throws IOException {
        MessageFiles files = MessageFiles.in(home.queue());
        Optional<SpawnerConnection> local = connect("qmail-lspawn", call.descriptors(), 1, 2, files);
        Optional<SpawnerConnection> remote =
                local.isEmpty() ? local : connect("qmail-rspawn", call.descriptors(), 3, 4, files);
        if (remote.isEmpty() || local.isEmpty()) {
            return cannotStart(log, "hath the daemon spawn no fire?");
        }
        QmailSend send = new QmailSend(
                queue,
                new QueueClient(home, queue, commands),
                home.controls(),
                Map.of(Channel.LOCAL, local.get(), Channel.REMOTE, remote.get()),
                clock,
                log,
                call.environment());
        signals.accept("TERM", () -> terminate(send));
        signals.accept("ALRM", send::alarm);
        signals.accept("HUP", send::hangup);
        try (QueueSocketServer _ =
                QueueSocketServer.open(home.queue(), queue::begin, Access.EVERYBODY, clock, log::line)) {
            send.start();
            local.get().start(observer(send, Channel.LOCAL));
            remote.get().start(observer(send, Channel.REMOTE));
            send.awaitEnd();
            return ExitCode.SUCCESS;
        } catch (IllegalStateException toldInTheLog) {
            return ExitCode.TEMPORARY;
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            return ExitCode.TEMPORARY;
        }
    }

    /** Nothing if there is no spawner at the other ends. */
    private static Optional<SpawnerConnection> connect(
            String name, Descriptors descriptors, int toSpawner, int fromSpawner, MessageFiles files)
            throws IOException {
        return descriptors.isWritable(toSpawner) && descriptors.isReadable(fromSpawner)
                ? SpawnerConnection.open(name, descriptors.in(fromSpawner), descriptors.out(toSpawner), files)
                : Optional.empty();
    }

    private static SpawnerConnection.Observer observer(QmailSend send, Channel channel) {
        return new SpawnerConnection.Observer() {
            @Override
            public void lost() {
                send.agentLost(channel);
            }

            @Override
            public void remark(String line) {
                send.remark(line);
            }
        };
    }

    /** The thread that brings the signal is not to wait for the end. */
    private static void terminate(QmailSend send) {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                send.terminate(PATIENCE);
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** A queue that does not exist is made, where that is possible. */
    private static boolean canUse(Path queue) {
        return Files.isDirectory(queue)
                ? Files.isExecutable(queue)
                : Files.notExists(queue)
                        && Files.isWritable(queue.toAbsolutePath().getParent());
    }

    private boolean canLock() {
        Path mutex = home.queue().resolve("lock").resolve("sendmutex");
        return Files.isWritable(mutex) || (Files.notExists(mutex) && Files.isWritable(mutex.getParent()));
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? Errno.text(e) : e.getMessage();
    }

    private static int cannotStart(SharedLog log, String why) {
        log.line(CANNOT_START + why);
        return ExitCode.TEMPORARY;
    }
}
