package org.tawnymail.queue.door;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.posix.OpenFileInput;

/**
 * The address of the socket in a queue directory. Addresses of Unix sockets hold 107 bytes, and a queue may lie deeper than
 * that: then the address leads through {@code /proc/self/fd}, by the number of the opened directory.
 */
final class SocketPath implements AutoCloseable {

    private static final String NAME = "socket";
    private static final int LONGEST = 107;

    private final UnixDomainSocketAddress address;
    private final @Nullable OpenFileInput directory;

    SocketPath(Path queue) throws IOException {
        Path socket = file(queue);
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST) {
            address = UnixDomainSocketAddress.of(socket);
            directory = null;
        } else {
            OpenFileInput opened = OpenFileInput.open(queue);
            directory = opened;
            address = UnixDomainSocketAddress.of("/proc/self/fd/" + opened.fileNumber() + "/" + NAME);
        }
    }

    /** The file that the socket appears as. */
    static Path file(Path queue) {
        return queue.resolve(NAME);
    }

    UnixDomainSocketAddress address() {
        return address;
    }

    @Override
    public void close() throws IOException {
        if (directory != null) {
            directory.close();
        }
    }
}
