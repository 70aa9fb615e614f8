package org.tawnymail.base.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErrnoTest {

    @TempDir
    private Path directory;

    @Test
    void theTextsAreThoseOfQmailAndNotOfTheLibrary() {
        assertThat(Errno.text(1)).isEqualTo("permission denied");
        assertThat(Errno.text(13)).isEqualTo("access denied");
        assertThat(Errno.text(2)).isEqualTo("file does not exist");
        assertThat(Errno.text(0)).isEqualTo("no error");
        assertThat(Errno.text(9999)).isEqualTo("unknown error");
    }

    @Test
    void everyErrorHasTheTextOfTheTable() {
        String table = """
                EINTR interrupted system call
                ENOSPC out of disk space
                ENOMEM out of memory
                ESPIPE unseekable descriptor
                ENOENT file does not exist
                EROFS read-only file system
                ETXTBSY text busy
                EMLINK too many links
                EIO input/output error
                ENOTSOCK not a socket
                EEXIST file already exists
                EADDRINUSE address already used
                ETIMEDOUT timed out
                EADDRNOTAVAIL address not available
                EINPROGRESS operation in progress
                ENETDOWN network down
                EAGAIN temporary failure
                ENETUNREACH network unreachable
                EPIPE broken pipe
                ENETRESET network reset
                EPERM permission denied
                ECONNABORTED connection aborted
                EACCES access denied
                ECONNRESET connection reset
                ESRCH no such process
                ENOBUFS out of buffer space
                ENXIO device not configured
                EISCONN already connected
                E2BIG argument list too long
                ENOTCONN not connected
                ENOEXEC exec format error
                ECONNREFUSED connection refused
                EBADF file descriptor not open
                ELOOP symbolic link loop
                ECHILD no child processes
                ENAMETOOLONG file name too long
                EDEADLK operation would cause deadlock
                EHOSTDOWN host down
                EFAULT bad address
                EHOSTUNREACH host unreachable
                EBUSY device busy
                ENOTEMPTY directory not empty
                EXDEV cross-device link
                EUSERS too many users
                ENODEV device does not support operation
                EDQUOT disk quota exceeded
                ENOTDIR not a directory
                ESTALE stale NFS file handle
                EISDIR is a directory
                ENOLCK no locks available
                EINVAL invalid argument
                ENOSYS system call not available
                ENFILE system cannot open more files
                EPROTO protocol error
                EMFILE process cannot open more files
                ENOTTY not a tty
                EFBIG file too big
                ENOTBLK not a block device
                EDOM input out of range
                ERANGE output out of range
                EALREADY operation already in progress
                EDESTADDRREQ destination address required
                EMSGSIZE message too long
                EPROTOTYPE incorrect protocol type
                ENOPROTOOPT protocol not available
                EPROTONOSUPPORT protocol not supported
                ESOCKTNOSUPPORT socket type not supported
                EOPNOTSUPP operation not supported
                EPFNOSUPPORT protocol family not supported
                EAFNOSUPPORT address family not supported
                ESHUTDOWN socket shut down
                ETOOMANYREFS too many references
                EREMOTE too many levels of remote in path
                ENOSTR not a stream device
                ETIME timer expired
                ENOSR out of stream resources
                ENOMSG no message of desired type
                EBADMSG bad message type
                EIDRM identifier removed
                ENONET machine not on network
                ENOLINK link severed
                EADV advertise error
                ESRMNT srmount error
                ECOMM communication error
                EMULTIHOP multihop attempted
                EREMCHG remote address changed
                """;
        for (String row : table.lines().toList()) {
            int space = row.indexOf(' ');
            assertThat(Errno.valueOf(row.substring(0, space)).text()).as(row).isEqualTo(row.substring(space + 1));
        }
        assertThat(Errno.values()).hasSize((int) table.lines().count());
    }

    @Test
    void theTemporaryErrorsAreThoseOfTheListAndNoOthers() {
        Set<String> temporary = Set.of(
                "EINTR",
                "ENOMEM",
                "ETXTBSY",
                "EIO",
                "ETIMEDOUT",
                "EAGAIN",
                "EDEADLK",
                "EBUSY",
                "ENFILE",
                "EMFILE",
                "EFBIG",
                "ENOSPC",
                "ENETDOWN",
                "ENETUNREACH",
                "ENETRESET",
                "ECONNABORTED",
                "ECONNRESET",
                "ENOBUFS",
                "ETOOMANYREFS",
                "ECONNREFUSED",
                "EHOSTDOWN",
                "EHOSTUNREACH",
                "EUSERS",
                "EDQUOT",
                "ESTALE",
                "ENOLCK");
        for (Errno error : Errno.values()) {
            assertThat(error.isTemporary()).as(error.name()).isEqualTo(temporary.contains(error.name()));
        }
    }

    @Test
    void aMissingFileIsForGoodAndAFullDiskIsNot() {
        assertThat(Errno.ENOENT.isTemporary()).isFalse();
        assertThat(Errno.EACCES.isTemporary()).isFalse();
        assertThat(Errno.EROFS.isTemporary()).isFalse();
        assertThat(Errno.ENOSPC.isTemporary()).isTrue();
        assertThat(Errno.EMFILE.isTemporary()).isTrue();
        assertThat(Errno.isTemporary(9999)).isFalse();
    }

    @Test
    void theErrorBehindAnExceptionOfTheJdkIsKnown() throws IOException {
        Path none = directory.resolve("none");
        Path file = Files.writeString(directory.resolve("file"), "x");
        Path loop = Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
        assertThat(errnoOf(() -> Files.newInputStream(none))).isEqualTo(Errno.ENOENT);
        assertThat(errnoOf(() -> new FileInputStream(none.toFile()))).isEqualTo(Errno.ENOENT);
        assertThat(errnoOf(() -> new FileOutputStream(directory.toFile()))).isEqualTo(Errno.EISDIR);
        assertThat(errnoOf(() -> Files.createDirectory(file))).isEqualTo(Errno.EEXIST);
        assertThat(errnoOf(() -> Files.newInputStream(file.resolve("below")))).isEqualTo(Errno.ENOTDIR);
        assertThat(errnoOf(() -> Files.delete(directory))).isEqualTo(Errno.ENOTEMPTY);
        assertThat(errnoOf(() -> Files.newInputStream(loop))).isEqualTo(Errno.ELOOP);
        assertThat(Errno.of(new SocketTimeoutException("Read timed out"))).contains(Errno.ETIMEDOUT);
        assertThat(Errno.of(new IOException("No space left on device"))).contains(Errno.ENOSPC);
        assertThat(Errno.of(new IOException("Connection reset by peer"))).contains(Errno.ECONNRESET);
        assertThat(Errno.of(new SystemError("unable to open x", 13))).contains(Errno.EACCES);
        assertThat(Errno.text(new IOException("something of ours"))).isEqualTo("something of ours");
        assertThat(Errno.text(new IOException())).isEqualTo("unknown error");
    }

    private static Errno errnoOf(ThrowingCallable failing) {
        IOException failure = catchThrowableOfType(IOException.class, failing);
        return Errno.of(failure).orElseThrow(() -> new AssertionError("not known", failure));
    }
}
