package org.tawnymail.send.syslog;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a log daemon has at {@code /dev/log}: a Unix datagram socket, which the JDK does not know. */
@SuppressWarnings("restricted") // there is no other way to such a socket
final class DatagramReceiver implements AutoCloseable {

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int ADDRESS_LENGTH = 110;

    private final Arena arena = Arena.ofConfined();
    private final int socket;

    DatagramReceiver(Path path) throws Throwable {
        socket = (int) function("socket", JAVA_INT, JAVA_INT, JAVA_INT).invokeExact(AF_UNIX, SOCK_DGRAM, 0);
        MemorySegment address = arena.allocate(ADDRESS_LENGTH, 2);
        address.set(JAVA_SHORT, 0, (short) AF_UNIX);
        byte[] name = path.toString().getBytes(ISO_8859_1);
        MemorySegment.copy(name, 0, address, JAVA_BYTE, 2, name.length);
        int bound = (int) function("bind", JAVA_INT, ADDRESS, JAVA_INT).invokeExact(socket, address, ADDRESS_LENGTH);
        if (bound != 0) {
            throw new IllegalStateException("unable to bind " + path);
        }
    }

    /** What has arrived so far. */
    List<String> messages() throws Throwable {
        MethodHandle recv = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("recv"),
                        FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
        List<String> messages = new ArrayList<>();
        MemorySegment buffer = arena.allocate(65536);
        while (true) {
            long length = (long) recv.invokeExact(socket, buffer, buffer.byteSize(), MSG_DONTWAIT);
            if (length < 0) {
                return messages;
            }
            messages.add(new String(buffer.asSlice(0, length).toArray(JAVA_BYTE), ISO_8859_1));
        }
    }

    @Override
    public void close() {
        try {
            int closed = (int) function("close", JAVA_INT).invokeExact(socket);
            arena.close();
            if (closed != 0) {
                throw new IllegalStateException("unable to close the socket");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static MethodHandle function(String name, MemoryLayout... parameters) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, parameters));
    }
}
