package org.tawnymail.base.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.tawnymail.base.Octets;

/**
 * Sends datagrams to a Unix socket, such as that of syslog; the JDK has only streams. A receiver that is slow holds the sender up;
 * one that is gone fails the next {@link #send}.
 */
public final class DatagramSender implements Closeable {

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;

    /** struct sockaddr_un: the family, and a path of at most 107 octets and a NUL. */
    private static final int PATH_AT = 2;

    private static final int LONGEST_PATH = 107;

    /** Otherwise a receiver that is gone might also cost a SIGPIPE. */
    private static final int MSG_NOSIGNAL = 0x4000;

    private final Descriptor socket;

    private DatagramSender(Descriptor socket) {
        this.socket = socket;
    }

    /** @throws SystemError if nobody listens there */
    public static DatagramSender to(Path path) throws IOException {
        byte[] name = Octets.of(Octets.fileName(path));
        if (name.length > LONGEST_PATH) {
            throw new SystemError("unable to connect to " + path, Errno.ENAMETOOLONG.number());
        }
        int number = CFunction.check(
                Functions.SOCKET.call(AF_UNIX, SOCK_DGRAM | Descriptor.O_CLOEXEC, 0), "unable to create a socket");
        Descriptor socket = new Descriptor(number, false);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(PATH_AT + LONGEST_PATH + 1, JAVA_SHORT.byteAlignment());
            address.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(name, 0, address, JAVA_BYTE, PATH_AT, name.length);
            CFunction.check(
                    Functions.CONNECT.call(number, address.address(), address.byteSize()),
                    "unable to connect to " + path);
            return new DatagramSender(socket);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Sends one datagram, whole or not at all. */
    public void send(byte[] datagram) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment octets = arena.allocate(Math.max(1, datagram.length));
            MemorySegment.copy(datagram, 0, octets, JAVA_BYTE, 0, datagram.length);
            int result;
            do {
                result = Functions.SEND.call(socket.number(), octets.address(), datagram.length, MSG_NOSIGNAL);
            } while (result == -Errno.EINTR.number());
            CFunction.check(result, "unable to send a datagram");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static final class Functions {
        static final CFunction SOCKET = CFunction.named("socket");
        static final CFunction CONNECT = CFunction.named("connect");
        static final CFunction SEND = CFunction.named("send");
    }
}
