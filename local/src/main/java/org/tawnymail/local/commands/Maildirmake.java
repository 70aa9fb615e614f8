package org.tawnymail.local.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.FileSystemSync;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/**
 * {@code maildirmake name}: makes a Maildir that is its owner's alone. When it ends, its directories survive a loss of power:
 * else mail that is delivered durably would go with them.
 */
public final class Maildirmake implements Program {

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    @Override
    public int run(Call call) throws Complaint {
        if (call.arguments().isEmpty()) {
            throw new Complaint(ExitCode.PERMANENT, "maildirmake: usage: maildirmake name");
        }
        String name = call.arguments().getFirst();
        for (String directory : new String[] {name, name + "/tmp", name + "/new", name + "/cur"}) {
            make(call, directory);
        }
        return ExitCode.SUCCESS;
    }

    private static void make(Call call, String name) throws Complaint {
        try {
            Path path = call.directory().resolve(Octets.path(name));
            Files.createDirectory(path, OWNER_ONLY);
            FileSystemSync.syncNameOf(path);
        } catch (InvalidPathException unreachable) {
            throw unable(name, Errno.EINVAL.text());
        } catch (IOException e) {
            throw unable(name, Errno.text(e));
        }
    }

    private static Complaint unable(String name, String why) {
        return new Complaint(ExitCode.TEMPORARY, "maildirmake: fatal: unable to mkdir " + name + ": " + why);
    }
}
