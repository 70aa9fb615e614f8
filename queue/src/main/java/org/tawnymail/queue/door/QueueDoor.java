package org.tawnymail.queue.door;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.tawnymail.base.posix.FileIdentity;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.disk.LocalDisk;

/**
 * The queue for a program that is a process of its own: the owner of the queue if it runs, else the drop directory. Mail that
 * is dropped is accepted: it waits for the next start of the owner.
 */
public final class QueueDoor implements QueuePort {

    private final SocketQueue socket;
    private final DropDirectory drop;

    /** @param queue the queue directory */
    public QueueDoor(Path queue) {
        this.socket = new SocketQueue(queue);
        this.drop = new DropDirectory(new LocalDisk(), queue, SecureRandom::new);
    }

    @Override
    public Submission begin(Origin origin) {
        return new WireSubmission(this::open);
    }

    /** The owner of the queue learns of the user from the system, as it learns of any other. */
    @Override
    public Submission begin(Origin origin, Identity user) {
        return new WireSubmission(() -> open(user));
    }

    private Wire open() throws IOException {
        try {
            return socket.open();
        } catch (SocketQueue.NoOwner nobody) {
            return drop.open();
        }
    }

    private Wire open(Identity user) throws IOException {
        try {
            return FileIdentity.callAsPeer(user, socket::open);
        } catch (SocketQueue.NoOwner nobody) {
            return FileIdentity.call(user, drop::open);
        }
    }
}
