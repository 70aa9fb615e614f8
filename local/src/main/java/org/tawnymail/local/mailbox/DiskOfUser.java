package org.tawnymail.local.mailbox;

import java.io.IOException;
import java.nio.file.Path;
import org.tawnymail.base.posix.FileIdentity;
import org.tawnymail.base.posix.Identity;

/**
 * A disk as one user sees it, for a process of root: what the user may not open, create or rename, this may not either,
 * and new files belong to the user. What is open already asks nobody any more.
 *
 * @param below the disk
 */
public record DiskOfUser(MailboxDisk below, Identity user) implements MailboxDisk {

    @Override
    public MailboxFile create(Path file) throws IOException {
        return FileIdentity.call(user, () -> below.create(file));
    }

    @Override
    public MailboxFile append(Path file) throws IOException {
        return FileIdentity.call(user, () -> below.append(file));
    }

    @Override
    public byte[] read(Path file, long from, int count) throws IOException {
        return FileIdentity.call(user, () -> below.read(file, from, count));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        FileIdentity.call(user, () -> {
            below.rename(from, to);
            return to;
        });
    }

    @Override
    public void delete(Path file) throws IOException {
        FileIdentity.call(user, () -> {
            below.delete(file);
            return file;
        });
    }

    @Override
    public long device(Path directory) throws IOException {
        return FileIdentity.call(user, () -> below.device(directory));
    }

    @Override
    public Directory open(Path directory) throws IOException {
        return FileIdentity.call(user, () -> below.open(directory));
    }
}
