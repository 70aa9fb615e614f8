package org.tawnymail.assembly.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.FileSystemSync;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;

/** Writes control files, mode 644, each in one step, and tells what it does. */
final class HostControls {

    private static final int READABLE = 0644;

    private final String program;
    private final ControlFiles controls;
    private final OutputStream out;

    HostControls(String program, ControlFiles controls, OutputStream out) {
        this.program = program;
        this.controls = controls;
        this.out = out;
    }

    /** {@code me}, {@code defaultdomain} and {@code plusdomain} of a full host name. */
    void name(String host) throws IOException {
        boolean hasTwoDots = host.indexOf('.') >= 0 && host.indexOf('.') != host.lastIndexOf('.');
        write("me", List.of(host));
        write("defaultdomain", List.of(hasTwoDots ? host.substring(host.indexOf('.') + 1) : host));
        write(
                "plusdomain",
                List.of(hasTwoDots ? host.substring(host.lastIndexOf('.', host.lastIndexOf('.') - 1) + 1) : host));
    }

    void write(String control, List<String> lines) throws IOException {
        put(control, String.join("\n", lines) + "\n");
        say("control/" + control + ": " + String.join(" ", lines));
    }

    /** Adds an entry to a list, unless it is in it. */
    void add(String control, String entry) throws IOException {
        List<String> entries = controls.list(control).orElse(List.of());
        if (entries.contains(entry)) {
            say("control/" + control + ": has " + entry);
            return;
        }
        Path file = controls.file(control);
        String before = Files.exists(file) ? Files.readString(file, ISO_8859_1) : "";
        String join = before.isEmpty() || before.endsWith("\n") ? "" : "\n";
        put(control, before + join + entry + "\n");
        say("control/" + control + ": + " + entry);
    }

    void say(String line) throws IOException {
        out.write(Octets.of(line + "\n"));
        out.flush();
    }

    private void put(String control, String content) throws IOException {
        Path file = controls.file(control);
        Path fresh = file.resolveSibling(control + ".tmp");
        try {
            // Forced before it takes its name: a loss of power leaves the old content or the new one.
            Files.writeString(fresh, content, ISO_8859_1, CREATE, WRITE, TRUNCATE_EXISTING, SYNC);
            Files.setAttribute(fresh, "unix:mode", READABLE, LinkOption.NOFOLLOW_LINKS);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            FileSystemSync.syncDirectory(controls.directory());
        } catch (IOException e) {
            throw new Complaint(
                    ExitCode.TEMPORARY, program + ": fatal: unable to write " + file + ": " + Errno.text(e));
        }
    }
}
