package org.tawnymail.local.dotqmail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;

/**
 * A user's home directory and the {@code .qmail} files in it (core spec, sections 6.2 and 6.3). Every error is a {@link
 * Complaint} with exit code 111: trouble with these files never makes mail bounce.
 */
public final class DotQmailDirectory {

    /** Nobody but the user, and perhaps the group, may write what decides about the user's mail. */
    private static final int FORBIDDEN = 0002;

    private static final int KIND = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int STICKY = 01000;
    private static final int OWNER_MAY_EXECUTE = 0100;

    /** A list of a million addresses is shorter; it is held in memory while it is worked on. */
    private static final long LARGEST_FILE = 64L << 20;

    private final Path home;
    private final boolean sticky;
    private final FileSystemProvider files;

    private DotQmailDirectory(Path home, boolean sticky) {
        this.home = home;
        this.sticky = sticky;
        this.files = home.getFileSystem().provider();
    }

    /** Goes to a home directory, which is to be one that nobody else may write to. */
    public static DotQmailDirectory open(String home) throws Complaint {
        return check(home, true);
    }

    /** The same where nothing is delivered: a sticky directory is all right. */
    public static DotQmailDirectory openToLook(String home) throws Complaint {
        return check(home, false);
    }

    /** Its path. */
    public Path path() {
        return home;
    }

    /** Whether its owner has set the sticky bit: the user is editing, and mail waits. */
    public boolean isSticky() {
        return sticky;
    }

    private static DotQmailDirectory check(String home, boolean toDeliver) throws Complaint {
        Path path;
        int mode;
        try {
            path = Octets.path(home);
            mode = mode(path);
        } catch (InvalidPathException unreachable) {
            throw unableToSwitch(home, Errno.ENOENT.text());
        } catch (IOException e) {
            throw unableToSwitch(home, Errno.text(e));
        }
        if ((mode & KIND) != DIRECTORY) {
            throw unableToSwitch(home, Errno.ENOTDIR.text());
        }
        enter(path, home);
        if ((mode & FORBIDDEN) != 0) {
            throw temporary("Uh-oh: home directory is writable. (#4.7.0)");
        }
        boolean sticky = (mode & STICKY) != 0;
        if (toDeliver && sticky) {
            throw temporary("Home directory is sticky: user is editing his .qmail file. (#4.2.1)");
        }
        return new DotQmailDirectory(path, sticky);
    }

    /** Asks the system for the right to search the directory, as going there would. */
    private static void enter(Path path, String home) throws Complaint {
        try {
            mode(path.resolve("."));
        } catch (IOException e) {
            throw unableToSwitch(home, Errno.text(e));
        }
    }

    /** The file that governs an address, or nothing if there is none of the possible names. */
    public Optional<DotQmailFile> find(String dash, String ext) throws Complaint {
        for (DotQmailName name : DotQmailName.candidates(dash, ext)) {
            Optional<DotQmailFile> file = read(name);
            if (file.isPresent()) {
                return file;
            }
        }
        return Optional.empty();
    }

    /**
     * The sender of what this address forwards: that of the message, or the owner's address if there is one (core spec,
     * section 6.6).
     */
    public String forwardingSender(String dash, String ext, String sender, String local, String host) throws Complaint {
        if (sender.isEmpty() || sender.equals("#@[]") || !exists(DotQmailName.owner(dash, ext))) {
            return sender;
        }
        return exists(DotQmailName.ownerDefault(dash, ext))
                ? local + "-owner-@" + host + "-@[]"
                : local + "-owner@" + host;
    }

    private Optional<DotQmailFile> read(DotQmailName name) throws Complaint {
        // For the system a name with a slash at its end is that of a directory; the JDK would take the slash off.
        if (name.fileName().endsWith("/")) {
            return Optional.empty();
        }
        try {
            Path path = home.resolve(Octets.path(name.fileName()));
            BasicFileAttributes found = files.readAttributesIfExists(path, BasicFileAttributes.class);
            if (found == null || !found.isRegularFile()) {
                return Optional.empty();
            }
            int mode = mode(path);
            if ((mode & FORBIDDEN) != 0) {
                throw temporary("Uh-oh: .qmail file is writable. (#4.7.0)");
            }
            return Optional.of(
                    new DotQmailFile(text(path, name.fileName()), (mode & OWNER_MAY_EXECUTE) != 0, name.defaulted()));
        } catch (InvalidPathException unreachable) {
            return Optional.empty();
        } catch (Complaint told) {
            throw told;
        } catch (IOException e) {
            if (isAbsence(e)) {
                return Optional.empty();
            }
            throw unableToOpen(name.fileName(), e);
        }
    }

    private static String text(Path path, String name) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] text = in.readNBytes((int) LARGEST_FILE + 1);
            if (text.length > LARGEST_FILE) {
                throw temporary("Unable to read " + name + ": " + Errno.EFBIG.text() + ". (#4.3.0)");
            }
            return Octets.text(text);
        }
    }

    private boolean exists(String name) throws Complaint {
        try {
            return files.readAttributesIfExists(home.resolve(Octets.path(name)), BasicFileAttributes.class) != null;
        } catch (InvalidPathException unreachable) {
            return false;
        } catch (IOException e) {
            if (Errno.isTemporary(e)) {
                throw unableToOpen(name, e);
            }
            return false;
        }
    }

    /** Only a file that cannot exist is absent; one that we may not open is not. */
    private static boolean isAbsence(IOException e) {
        Errno error = Errno.of(e).orElse(Errno.EIO);
        return !error.isTemporary() && error != Errno.EPERM && error != Errno.EACCES;
    }

    private static int mode(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:mode");
    }

    private static Complaint unableToSwitch(String home, String why) {
        return temporary("Unable to switch to " + home + ": " + why + ". (#4.3.0)");
    }

    private static Complaint unableToOpen(String name, IOException why) {
        return temporary("Unable to open " + name + ": " + Errno.text(why) + ". (#4.3.0)");
    }

    private static Complaint temporary(String text) {
        return new Complaint(ExitCode.TEMPORARY, text);
    }
}
