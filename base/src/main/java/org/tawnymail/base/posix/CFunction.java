package org.tawnymail.base.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.tawnymail.base.Octets;

/**
 * One function of the C library, called through the foreign-function interface.
 *
 * <p>All functions are called through one method handle that takes six longs. On Linux x86-64 and AArch64 integers and
 * pointers travel in the same registers, whatever their width, and a function looks at no more registers than it has
 * parameters (variadic ones included); so one handle serves all, and a program that needs one call pays for the making of
 * one handle and not of thirty. What a function that returns an {@code int} leaves in the upper half of the register is
 * not to be looked at: {@link #call} cuts it off, {@link #callLong} does not.
 *
 * <p>Errors are returned as the kernel does: a result of -1 becomes the negative error number.
 *
 * <p>A call that blocks holds the carrier of a virtual thread: calls must be short, or be made on a platform thread.
 *
 * <p>Keep functions in constants of a class that is loaded only when they are needed.
 */
@SuppressWarnings("restricted") // calling C is what this class is for; the launcher enables native access
final class CFunction {

    /** Numbers of system calls and some layouts differ between the two machines that we know. */
    static final boolean AARCH64 = System.getProperty("os.arch", "").equals("aarch64");

    private static final String SYSTEM = System.getProperty("os.name", "") + " on " + System.getProperty("os.arch", "");

    private static final boolean SUPPORTED = SYSTEM.equals("Linux on amd64") || SYSTEM.equals("Linux on aarch64");

    private final String name;
    private final MemorySegment address;
    private final String ifMissing;

    private CFunction(String name, MemorySegment address, String ifMissing) {
        this.name = name;
        this.address = address;
        this.ifMissing = ifMissing;
    }

    /** A function of the C library itself. Whether it is there shows when it is called. */
    static CFunction named(String name) {
        return new CFunction(
                name,
                SUPPORTED ? Calls.LINKER.defaultLookup().find(name).orElse(MemorySegment.NULL) : MemorySegment.NULL,
                "the C library of this system has no " + name + ": glibc 2.34 or later is needed");
    }

    /** A function of another library, which need not be there: then a call of it ends with this text. */
    static CFunction named(String name, SymbolLookup library, String ifMissing) {
        return new CFunction(name, library.find(name).orElse(MemorySegment.NULL), ifMissing);
    }

    /** Calls a function that returns an int; a result of -1 comes back as the negative error number. */
    int call(long... arguments) {
        return (int) invoke(true, arguments);
    }

    /** Calls a function that returns a long or a pointer; a result of -1 comes back as the negative error number. */
    long callLong(long... arguments) {
        return invoke(false, arguments);
    }

    /**
     * The result of a call that must succeed.
     *
     * @throws SystemError if it is negative
     */
    static int check(int result, String what) throws SystemError {
        if (result < 0) {
            throw new SystemError(what, -result);
        }
        return result;
    }

    /** A NUL-terminated string, one char an octet. */
    static long string(Arena arena, String text) {
        return arena.allocateFrom(text, ISO_8859_1).address();
    }

    /** A file name for the C library. */
    static long string(Arena arena, Path path) {
        return string(arena, Octets.fileName(path));
    }

    /** The string at an address, up to its NUL, one char an octet; empty for the null pointer. */
    static String stringAt(long address) {
        return address == 0
                ? ""
                : MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0, ISO_8859_1);
    }

    private long invoke(boolean isInt, long[] a) {
        if (!SUPPORTED) {
            throw new UnsupportedOperationException(
                    name + " needs Linux on x86-64 or AArch64; this system is " + SYSTEM);
        }
        if (address.address() == 0) {
            throw new UnsupportedOperationException(ifMissing);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Calls.STATE);
            int n = a.length;
            long result = (long) Calls.SIX_LONGS.invokeExact(
                    address,
                    state,
                    n > 0 ? a[0] : 0L,
                    n > 1 ? a[1] : 0L,
                    n > 2 ? a[2] : 0L,
                    n > 3 ? a[3] : 0L,
                    n > 4 ? a[4] : 0L,
                    n > 5 ? a[5] : 0L);
            if ((isInt ? (int) result : result) == -1) {
                return -state.get(JAVA_INT, Calls.ERRNO_OFFSET);
            }
            return result;
        } catch (RuntimeException | Error defect) {
            throw defect;
        } catch (Throwable impossible) {
            throw new AssertionError("a foreign function cannot throw", impossible);
        }
    }

    /** The machinery; loaded on the first use of any function. */
    private static final class Calls {
        static final Linker LINKER = Linker.nativeLinker();
        static final MemoryLayout STATE = Linker.Option.captureStateLayout();
        static final long ERRNO_OFFSET = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
        static final MethodHandle SIX_LONGS = LINKER.downcallHandle(
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                Linker.Option.captureCallState("errno"));
    }
}
