package org.tawnymail.receive;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.cdb.CdbWriter;
import org.tawnymail.base.control.ControlFile;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.line.LineInput;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/**
 * {@code qmail-newmrh}: compiles control {@code morercpthosts} into {@code morercpthosts.cdb} (core spec, section 11.6). A
 * failure leaves the old database in its place. The domains pass through one by one, so there may be millions.
 */
public final class QmailNewmrh implements Program {

    /** No domain is longer (RFC 1035, section 2.3.4 allows 255). */
    private static final int LONGEST_LINE = 65_536;

    private final ControlFiles controls;

    public QmailNewmrh(Home home) {
        this.controls = home.controls();
    }

    @Override
    public int run(Call call) throws Complaint {
        InputStream source;
        try {
            source =
                    new FileInputStream(controls.file(ControlFile.MORERCPTHOSTS).toFile());
        } catch (IOException e) {
            throw fatal("unable to read control/morercpthosts: " + Errno.text(e));
        }
        try (source) {
            write(
                    source,
                    controls.directory().resolve("morercpthosts.tmp"),
                    controls.file(ControlFile.MORERCPTHOSTS_CDB));
            return ExitCode.SUCCESS;
        } catch (Complaint told) {
            throw told;
        } catch (FileSystemException notMoved) {
            throw fatal(
                    "unable to move control/morercpthosts.tmp to control/morercpthosts.cdb: " + Errno.text(notMoved));
        } catch (IOException e) {
            throw fatal("unable to write to control/morercpthosts.tmp: " + Errno.text(e));
        }
    }

    private static void write(InputStream source, Path temporary, Path place) throws IOException {
        LineInput lines = new LineInput(source, LONGEST_LINE);
        try (CdbWriter writer = open(temporary)) {
            for (Optional<String> line = next(lines); line.isPresent(); line = next(lines)) {
                String domain = Octets.lowerCase(withoutBlanksAtEnd(line.get()));
                if (!domain.isEmpty() && domain.charAt(0) != '#') {
                    writer.add(domain, "");
                }
            }
            writer.finish(place);
        }
    }

    /** The database may be read by all, whatever the umask of the caller. */
    private static CdbWriter open(Path temporary) throws Complaint {
        try {
            CdbWriter writer = CdbWriter.create(temporary);
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
            return writer;
        } catch (IOException e) {
            throw fatal("unable to write to control/morercpthosts.tmp: " + Errno.text(e));
        }
    }

    private static Optional<String> next(LineInput lines) throws Complaint {
        try {
            return lines.next();
        } catch (IOException e) {
            throw fatal("unable to read control/morercpthosts: " + Errno.text(e));
        }
    }

    private static String withoutBlanksAtEnd(String line) {
        int end = line.length();
        while (end > 0 && (line.charAt(end - 1) == ' ' || line.charAt(end - 1) == '\t')) {
            end--;
        }
        return line.substring(0, end);
    }

    private static Complaint fatal(String what) {
        return new Complaint(ExitCode.TEMPORARY, "qmail-newmrh: fatal: " + what);
    }
}
