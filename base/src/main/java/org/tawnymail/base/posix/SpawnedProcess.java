package org.tawnymail.base.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import org.tawnymail.base.program.Ending;

/** A child process of ours. One thread must {@linkplain #await wait} for it, or it stays a zombie. */
public final class SpawnedProcess {

    private static final long SYS_PIDFD_OPEN = 434;
    private static final int WNOHANG = 1;

    /** Where no handle is to be had (no descriptor left, an old kernel), we look again at this distance. */
    private static final long LONGEST_PAUSE_MILLIS = 50;

    private final int pid;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean reaped;

    SpawnedProcess(int pid) {
        this.pid = pid;
    }

    public int pid() {
        return pid;
    }

    /**
     * Waits for its end and frees its process id.
     *
     * @throws InterruptedIOException if the thread is interrupted; the process runs on
     */
    public Ending await() throws IOException {
        int handle = Functions.SYSCALL.call(SYS_PIDFD_OPEN, pid, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(JAVA_INT);
            long pause = 1;
            while (!reap(status)) {
                if (handle >= 0) {
                    Readiness.await(handle, Readiness.TO_READ, null);
                } else {
                    pause(pause);
                    pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
                }
            }
            return ending(status.get(JAVA_INT, 0));
        } finally {
            if (handle >= 0) {
                new Descriptor(handle, false).close();
            }
        }
    }

    /** Sends it SIGKILL; does nothing if it has ended. */
    public void kill() {
        lock.lock();
        try {
            if (!reaped) {
                ThisProcess.signal(pid, ThisProcess.KILL);
            }
        } catch (SystemError e) {
            throw new IllegalStateException(e);
        } finally {
            lock.unlock();
        }
    }

    private static void pause(long millis) throws InterruptedIOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private boolean reap(MemorySegment status) throws SystemError {
        lock.lock();
        try {
            int result = Functions.WAITPID.call(pid, status.address(), WNOHANG);
            reaped = CFunction.check(result, "unable to wait for process " + pid) == pid;
            return reaped;
        } finally {
            lock.unlock();
        }
    }

    private static Ending ending(int status) {
        int signal = status & 0x7f;
        return signal == 0 ? new Ending.Exited((status >> 8) & 0xff) : new Ending.Killed(signal);
    }

    private static final class Functions {
        static final CFunction SYSCALL = CFunction.named("syscall");
        static final CFunction WAITPID = CFunction.named("waitpid");
    }
}
