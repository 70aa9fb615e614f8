package org.tawnymail.base.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * The two ends of a TCP connection that this process has as an open file.
 *
 * @param local this end
 * @param remote the other end
 */
public record SocketAddresses(InetSocketAddress local, InetSocketAddress remote) {

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    // struct sockaddr_in  { sa_family_t family; in_port_t port; struct in_addr address; char zero[8]; }
    // struct sockaddr_in6 { sa_family_t family; in_port_t port; uint32_t flow; struct in6_addr address; uint32_t scope;
    // }
    // Port and address are in network byte order.
    private static final int PORT = 2;
    private static final int IPV4_ADDRESS = 4;
    private static final int IPV4_LENGTH = 4;
    private static final int IPV6_ADDRESS = 8;
    private static final int IPV6_LENGTH = 16;

    /** sizeof(struct sockaddr_storage) */
    private static final int ROOM = 128;

    /** The ends of what stands under a number; nothing if that is no connection over IP. */
    public static Optional<SocketAddresses> of(int number) {
        Optional<InetSocketAddress> remote = address(Functions.GETPEERNAME, number);
        Optional<InetSocketAddress> local =
                remote.isPresent() ? address(Functions.GETSOCKNAME, number) : Optional.empty();
        return local.isPresent() && remote.isPresent()
                ? Optional.of(new SocketAddresses(local.get(), remote.get()))
                : Optional.empty();
    }

    private static Optional<InetSocketAddress> address(CFunction which, int number) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(ROOM, 8);
            MemorySegment length = arena.allocate(JAVA_INT);
            length.set(JAVA_INT, 0, ROOM);
            if (which.call(number, address.address(), length.address()) < 0) {
                return Optional.empty();
            }
            return switch (address.get(JAVA_SHORT, 0)) {
                case AF_INET -> Optional.of(read(address, IPV4_ADDRESS, IPV4_LENGTH));
                case AF_INET6 -> Optional.of(read(address, IPV6_ADDRESS, IPV6_LENGTH));
                default -> Optional.empty();
            };
        }
    }

    private static InetSocketAddress read(MemorySegment address, int offset, int length) {
        int port = (address.get(JAVA_BYTE, PORT) & 0xff) << 8 | (address.get(JAVA_BYTE, PORT + 1) & 0xff);
        byte[] octets = address.asSlice(offset, length).toArray(JAVA_BYTE);
        try {
            // An IPv4 address in IPv6 form becomes one of IPv4.
            return new InetSocketAddress(InetAddress.getByAddress(octets), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not the length of an address: " + length, e);
        }
    }

    private static final class Functions {
        static final CFunction GETPEERNAME = CFunction.named("getpeername");
        static final CFunction GETSOCKNAME = CFunction.named("getsockname");
    }
}
