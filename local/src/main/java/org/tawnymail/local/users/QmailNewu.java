package org.tawnymail.local.users;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.tawnymail.base.Octets;
import org.tawnymail.base.cdb.CdbWriter;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/**
 * {@code qmail-newu}: compiles users/assign into users/cdb (core spec, section 5.6). A failure leaves the old database in
 * its place.
 */
public final class QmailNewu implements Program {

    /** Half a million users need less. */
    private static final int LARGEST_FILE = 64 << 20;

    private final Home home;

    public QmailNewu(Home home) {
        this.home = home;
    }

    @Override
    public int run(Call call) throws Complaint {
        if (!Files.isDirectory(home.path())) {
            throw fatal("unable to chdir");
        }
        Assignments assignments = Assignments.parse(read(home.users().resolve("assign")))
                .orElseThrow(() -> fatal("bad format in users/assign"));
        write(assignments, home.users().resolve("cdb.tmp"), home.users().resolve("cdb"));
        return ExitCode.SUCCESS;
    }

    private static String read(Path assign) throws Complaint {
        InputStream opened;
        try {
            opened = Files.newInputStream(assign);
        } catch (IOException e) {
            throw fatal("unable to open users/assign");
        }
        try (InputStream in = opened) {
            byte[] text = in.readNBytes(LARGEST_FILE + 1);
            if (text.length > LARGEST_FILE) {
                throw fatal("unable to read users/assign");
            }
            return Octets.text(text);
        } catch (IOException e) {
            throw fatal("unable to read users/assign");
        }
    }

    private static void write(Assignments assignments, Path temporary, Path place) throws Complaint {
        try (CdbWriter writer = open(temporary)) {
            for (Assignments.Entry entry : assignments.entries()) {
                writer.add(entry.key(), entry.value());
            }
            writer.finish(place);
        } catch (Complaint told) {
            throw told;
        } catch (FileSystemException notMoved) {
            throw fatal("unable to move users/cdb.tmp to users/cdb");
        } catch (IOException e) {
            throw fatal("unable to write users/cdb.tmp");
        }
    }

    /** The database may be read by all, whatever the umask of the caller. */
    private static CdbWriter open(Path temporary) throws Complaint {
        try {
            CdbWriter writer = CdbWriter.create(temporary);
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
            return writer;
        } catch (IOException e) {
            throw fatal("unable to open users/cdb.tmp");
        }
    }

    private static Complaint fatal(String what) {
        return new Complaint(ExitCode.TEMPORARY, "qmail-newu: fatal: " + what);
    }
}
