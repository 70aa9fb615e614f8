package org.tawnymail.base.process;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/** One of our own programs, run inside this process. */
public final class OwnProgram implements Commands.Running {

    /** Chains of causes may run in a circle. */
    private static final int DEEPEST_CAUSE = 20;

    /** What a shell says of a program that was ended by SIGPIPE, which a JVM cannot be. */
    private static final int BROKEN_PIPE = 128 + 13;

    private final CompletableFuture<Ending> ending = new CompletableFuture<>();
    private final Thread thread;
    private final long pid;
    private volatile boolean killed;

    private OwnProgram(Program program, Call call) {
        pid = call.pid();
        thread = Thread.ofVirtual().name(call.programName() + "-" + call.pid()).unstarted(() -> live(program, call));
    }

    static OwnProgram start(Program program, Call call) {
        OwnProgram started = new OwnProgram(program, call);
        started.thread.start();
        return started;
    }

    /** Runs a program on the caller's thread; an interrupt of it is what {@link #kill} is to a started one. */
    static Ending runHere(Program program, Call call) {
        int code = run(program, call);
        return ending(code, Thread.currentThread().isInterrupted());
    }

    /**
     * Runs a program on the caller's thread, and turns whatever comes of it into an exit code: a {@link Complaint} into
     * its line and code, a broken descriptor or a defect of ours into one line and {@link ExitCode#TEMPORARY}. When nobody reads
     * what it prints any more, it ends without a word.
     */
    public static int run(Program program, Call call) {
        try {
            return program.run(call) & 0xff;
        } catch (Complaint complaint) {
            call.complain(complaint.line());
            return complaint.exitCode();
        } catch (IOException e) {
            if (Errno.of(e).filter(Errno.EPIPE::equals).isPresent()) {
                // As SIGPIPE ends a program: mailq | head is no error, and a cron job is not to write a letter about
                // it.
                return BROKEN_PIPE;
            }
            call.complain(call.programName() + ": fatal: " + Errno.text(e));
            return ExitCode.TEMPORARY;
        } catch (RuntimeException | Error defect) {
            call.complain(call.programName() + ": fatal: " + describe(defect));
            return ExitCode.TEMPORARY;
        }
    }

    @Override
    public Ending await() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return ending.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    kill();
                } catch (ExecutionException impossible) {
                    throw new IllegalStateException(impossible);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public void kill() {
        killed = true;
        thread.interrupt();
    }

    private void live(Program program, Call call) {
        ending.complete(ending(run(program, call), killed));
    }

    /** One that was killed and did not finish its work ends like a process that was killed. */
    private static Ending ending(int code, boolean killed) {
        return killed && code != ExitCode.SUCCESS ? new Ending.Killed(ThisProcess.KILL) : new Ending.Exited(code);
    }

    /** A defect in one line: its cause, and where it arose. */
    private static String describe(Throwable defect) {
        Throwable cause = defect;
        for (int depth = 0; depth < DEEPEST_CAUSE && cause.getCause() != null; depth++) {
            cause = cause.getCause();
        }
        StackTraceElement[] trace = cause.getStackTrace();
        // A file name on the command line may be no text in the locale's character set; the message names it.
        boolean isClear = cause instanceof InvalidPathException
                || (cause instanceof UnsupportedOperationException && cause.getMessage() != null);
        String line = isClear ? String.valueOf(cause.getMessage()) : "internal error: " + cause;
        String where = isClear || trace.length == 0 ? "" : " at " + trace[0];
        return (line + where).replace('\n', ' ');
    }
}
