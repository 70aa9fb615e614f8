package org.tawnymail.base.posix;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The errors of the operating system, with qmail's own texts (core spec, section 15.1) and its judgement which of them
 * are worth another try (section 15.2).
 *
 * <p>The numbers are those of Linux, which are the same on x86-64 and AArch64.
 */
public enum Errno {
    EPERM(1, Errno.FINAL, "permission denied", "Operation not permitted"),
    ENOENT(2, Errno.FINAL, "file does not exist", "No such file or directory"),
    ESRCH(3, Errno.FINAL, "no such process", "No such process"),
    EINTR(4, Errno.WORTH_ANOTHER_TRY, "interrupted system call", "Interrupted system call"),
    EIO(5, Errno.WORTH_ANOTHER_TRY, "input/output error", "Input/output error"),
    ENXIO(6, Errno.FINAL, "device not configured", "No such device or address"),
    E2BIG(7, Errno.FINAL, "argument list too long", "Argument list too long"),
    ENOEXEC(8, Errno.FINAL, "exec format error", "Exec format error"),
    EBADF(9, Errno.FINAL, "file descriptor not open", "Bad file descriptor"),
    ECHILD(10, Errno.FINAL, "no child processes", "No child processes"),
    EAGAIN(11, Errno.WORTH_ANOTHER_TRY, "temporary failure", "Resource temporarily unavailable"),
    ENOMEM(12, Errno.WORTH_ANOTHER_TRY, "out of memory", "Cannot allocate memory"),
    EACCES(13, Errno.FINAL, "access denied", "Permission denied"),
    EFAULT(14, Errno.FINAL, "bad address", "Bad address"),
    ENOTBLK(15, Errno.FINAL, "not a block device", "Block device required"),
    EBUSY(16, Errno.WORTH_ANOTHER_TRY, "device busy", "Device or resource busy"),
    EEXIST(17, Errno.FINAL, "file already exists", "File exists"),
    EXDEV(18, Errno.FINAL, "cross-device link", "Invalid cross-device link"),
    ENODEV(19, Errno.FINAL, "device does not support operation", "No such device"),
    ENOTDIR(20, Errno.FINAL, "not a directory", "Not a directory"),
    EISDIR(21, Errno.FINAL, "is a directory", "Is a directory"),
    EINVAL(22, Errno.FINAL, "invalid argument", "Invalid argument"),
    ENFILE(23, Errno.WORTH_ANOTHER_TRY, "system cannot open more files", "Too many open files in system"),
    EMFILE(24, Errno.WORTH_ANOTHER_TRY, "process cannot open more files", "Too many open files"),
    ENOTTY(25, Errno.FINAL, "not a tty", "Inappropriate ioctl for device"),
    ETXTBSY(26, Errno.WORTH_ANOTHER_TRY, "text busy", "Text file busy"),
    EFBIG(27, Errno.WORTH_ANOTHER_TRY, "file too big", "File too large"),
    ENOSPC(28, Errno.WORTH_ANOTHER_TRY, "out of disk space", "No space left on device"),
    ESPIPE(29, Errno.FINAL, "unseekable descriptor", "Illegal seek"),
    EROFS(30, Errno.FINAL, "read-only file system", "Read-only file system"),
    EMLINK(31, Errno.FINAL, "too many links", "Too many links"),
    EPIPE(32, Errno.FINAL, "broken pipe", "Broken pipe"),
    EDOM(33, Errno.FINAL, "input out of range", "Numerical argument out of domain"),
    ERANGE(34, Errno.FINAL, "output out of range", "Numerical result out of range"),
    EDEADLK(35, Errno.WORTH_ANOTHER_TRY, "operation would cause deadlock", "Resource deadlock avoided"),
    ENAMETOOLONG(36, Errno.FINAL, "file name too long", "File name too long"),
    ENOLCK(37, Errno.WORTH_ANOTHER_TRY, "no locks available", "No locks available"),
    ENOSYS(38, Errno.FINAL, "system call not available", "Function not implemented"),
    ENOTEMPTY(39, Errno.FINAL, "directory not empty", "Directory not empty"),
    ELOOP(40, Errno.FINAL, "symbolic link loop", "Too many levels of symbolic links"),
    ENOMSG(42, Errno.FINAL, "no message of desired type", "No message of desired type"),
    EIDRM(43, Errno.FINAL, "identifier removed", "Identifier removed"),
    ENOSTR(60, Errno.FINAL, "not a stream device", "Device not a stream"),
    ETIME(62, Errno.FINAL, "timer expired", "Timer expired"),
    ENOSR(63, Errno.FINAL, "out of stream resources", "Out of streams resources"),
    ENONET(64, Errno.FINAL, "machine not on network", "Machine is not on the network"),
    EREMOTE(66, Errno.FINAL, "too many levels of remote in path", "Object is remote"),
    ENOLINK(67, Errno.FINAL, "link severed", "Link has been severed"),
    EADV(68, Errno.FINAL, "advertise error", "Advertise error"),
    ESRMNT(69, Errno.FINAL, "srmount error", "Srmount error"),
    ECOMM(70, Errno.FINAL, "communication error", "Communication error on send"),
    EPROTO(71, Errno.FINAL, "protocol error", "Protocol error"),
    EMULTIHOP(72, Errno.FINAL, "multihop attempted", "Multihop attempted"),
    EBADMSG(74, Errno.FINAL, "bad message type", "Bad message"),
    EREMCHG(78, Errno.FINAL, "remote address changed", "Remote address changed"),
    EUSERS(87, Errno.WORTH_ANOTHER_TRY, "too many users", "Too many users"),
    ENOTSOCK(88, Errno.FINAL, "not a socket", "Socket operation on non-socket"),
    EDESTADDRREQ(89, Errno.FINAL, "destination address required", "Destination address required"),
    EMSGSIZE(90, Errno.FINAL, "message too long", "Message too long"),
    EPROTOTYPE(91, Errno.FINAL, "incorrect protocol type", "Protocol wrong type for socket"),
    ENOPROTOOPT(92, Errno.FINAL, "protocol not available", "Protocol not available"),
    EPROTONOSUPPORT(93, Errno.FINAL, "protocol not supported", "Protocol not supported"),
    ESOCKTNOSUPPORT(94, Errno.FINAL, "socket type not supported", "Socket type not supported"),
    EOPNOTSUPP(95, Errno.FINAL, "operation not supported", "Operation not supported"),
    EPFNOSUPPORT(96, Errno.FINAL, "protocol family not supported", "Protocol family not supported"),
    EAFNOSUPPORT(97, Errno.FINAL, "address family not supported", "Address family not supported by protocol"),
    EADDRINUSE(98, Errno.FINAL, "address already used", "Address already in use"),
    EADDRNOTAVAIL(99, Errno.FINAL, "address not available", "Cannot assign requested address"),
    ENETDOWN(100, Errno.WORTH_ANOTHER_TRY, "network down", "Network is down"),
    ENETUNREACH(101, Errno.WORTH_ANOTHER_TRY, "network unreachable", "Network is unreachable"),
    ENETRESET(102, Errno.WORTH_ANOTHER_TRY, "network reset", "Network dropped connection on reset"),
    ECONNABORTED(103, Errno.WORTH_ANOTHER_TRY, "connection aborted", "Software caused connection abort"),
    ECONNRESET(104, Errno.WORTH_ANOTHER_TRY, "connection reset", "Connection reset by peer"),
    ENOBUFS(105, Errno.WORTH_ANOTHER_TRY, "out of buffer space", "No buffer space available"),
    EISCONN(106, Errno.FINAL, "already connected", "Transport endpoint is already connected"),
    ENOTCONN(107, Errno.FINAL, "not connected", "Transport endpoint is not connected"),
    ESHUTDOWN(108, Errno.FINAL, "socket shut down", "Cannot send after transport endpoint shutdown"),
    ETOOMANYREFS(109, Errno.WORTH_ANOTHER_TRY, "too many references", "Too many references: cannot splice"),
    ETIMEDOUT(110, Errno.WORTH_ANOTHER_TRY, "timed out", "Connection timed out"),
    ECONNREFUSED(111, Errno.WORTH_ANOTHER_TRY, "connection refused", "Connection refused"),
    EHOSTDOWN(112, Errno.WORTH_ANOTHER_TRY, "host down", "Host is down"),
    EHOSTUNREACH(113, Errno.WORTH_ANOTHER_TRY, "host unreachable", "No route to host"),
    EALREADY(114, Errno.FINAL, "operation already in progress", "Operation already in progress"),
    EINPROGRESS(115, Errno.FINAL, "operation in progress", "Operation now in progress"),
    ESTALE(116, Errno.WORTH_ANOTHER_TRY, "stale NFS file handle", "Stale file handle"),
    EDQUOT(122, Errno.WORTH_ANOTHER_TRY, "disk quota exceeded", "Disk quota exceeded");

    /** The text for a number that is not in the table. */
    public static final String UNKNOWN = "unknown error";

    private static final boolean WORTH_ANOTHER_TRY = true;
    private static final boolean FINAL = false;

    private final int number;
    private final boolean temporary;
    private final String text;
    private final String textOfTheLibrary;

    Errno(int number, boolean temporary, String text, String textOfTheLibrary) {
        this.number = number;
        this.temporary = temporary;
        this.text = text;
        this.textOfTheLibrary = textOfTheLibrary;
    }

    public int number() {
        return number;
    }

    /** The words of qmail, such as {@code file does not exist}. */
    public String text() {
        return text;
    }

    /** Whether a later attempt may succeed. */
    public boolean isTemporary() {
        return temporary;
    }

    /** The error of a number, or nothing if it is none that we know. */
    public static Optional<Errno> of(int number) {
        return Optional.ofNullable(Tables.BY_NUMBER.get(number));
    }

    /** The words for a number: {@code no error} for 0, {@value #UNKNOWN} for one that we do not know. */
    public static String text(int number) {
        return number == 0 ? "no error" : of(number).map(Errno::text).orElse(UNKNOWN);
    }

    public static boolean isTemporary(int number) {
        return of(number).map(Errno::isTemporary).orElse(false);
    }

    /**
     * The error behind an exception of the JDK, as far as it can be told: by its class where there is one for the error,
     * else by the words of the C library that the JDK repeats in its message.
     */
    public static Optional<Errno> of(IOException failure) {
        return switch (failure) {
            case SystemError error -> of(error.errno());
            case NoSuchFileException absent -> Optional.of(ENOENT);
            case FileAlreadyExistsException present -> Optional.of(EEXIST);
            case DirectoryNotEmptyException full -> Optional.of(ENOTEMPTY);
            case NotDirectoryException file -> Optional.of(ENOTDIR);
            case FileSystemLoopException loop -> Optional.of(ELOOP);
            case AccessDeniedException denied -> Optional.of(EACCES);
            case FileSystemException other -> byWords(other.getReason() == null ? "" : other.getReason());
            case FileNotFoundException notOpened -> byWords(wordsInParentheses(String.valueOf(notOpened.getMessage())));
            case SocketTimeoutException late -> Optional.of(ETIMEDOUT);
            case ClosedChannelException closed -> Optional.of(EBADF);
            default -> byWords(String.valueOf(failure.getMessage()));
        };
    }

    /** The words of qmail for an exception of the JDK; for one that stands for no system error, its own message. */
    public static String text(IOException failure) {
        return of(failure).map(Errno::text).orElseGet(() -> {
            String message = failure.getMessage();
            return message == null || message.isEmpty() ? UNKNOWN : message;
        });
    }

    /** Whether the error behind an exception of the JDK is worth another try. One that cannot be told is. */
    public static boolean isTemporary(IOException failure) {
        return of(failure).map(Errno::isTemporary).orElse(true);
    }

    private static Optional<Errno> byWords(String words) {
        if (words.startsWith(ELOOP.textOfTheLibrary)) {
            return Optional.of(ELOOP);
        }
        return switch (words) {
            case "Connection reset" -> Optional.of(ECONNRESET);
            case "Stream closed", "Socket closed", "Stream Closed" -> Optional.of(EBADF);
            case "Connect timed out", "Read timed out" -> Optional.of(ETIMEDOUT);
            default -> Optional.ofNullable(Tables.BY_WORDS.get(words));
        };
    }

    /** {@code /etc/none (No such file or directory)}: the words that java.io puts behind the name of the file. */
    private static String wordsInParentheses(String message) {
        int open = message.lastIndexOf(" (");
        return open < 0 || !message.endsWith(")") ? message : message.substring(open + 2, message.length() - 1);
    }

    /** Made when first asked for. */
    private static final class Tables {
        static final Map<Integer, Errno> BY_NUMBER = tableBy(error -> error.number);
        static final Map<String, Errno> BY_WORDS = tableBy(error -> error.textOfTheLibrary);

        private static <K> Map<K, Errno> tableBy(Function<Errno, K> key) {
            return Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(key, error -> error));
        }
    }
}
