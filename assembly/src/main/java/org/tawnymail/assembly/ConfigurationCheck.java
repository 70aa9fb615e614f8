package org.tawnymail.assembly;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.cdb.Cdb;
import org.tawnymail.base.cdb.CdbDamaged;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;

/**
 * Looks for mistakes in the control files before the server starts, and says each in one line that names the file and
 * the mend. qmail's reading rules forgive nearly everything silently; a person who mistyped wants to hear it.
 */
final class ConfigurationCheck {

    private static final List<String> HOST_NAMES = List.of(
            "me",
            "defaulthost",
            "defaultdomain",
            "plusdomain",
            "idhost",
            "envnoathost",
            "helohost",
            "bouncehost",
            "doublebouncehost",
            "localiphost");
    private static final List<String> NUMBERS = List.of(
            "concurrencylocal",
            "concurrencyremote",
            "concurrencyperhost",
            "maxrcpt",
            "openrelay",
            "databytes",
            "queuelifetime",
            "timeoutconnect",
            "timeoutremote",
            "timeoutsmtpd");
    private static final List<String> DOMAIN_LISTS = List.of("locals", "rcpthosts", "morercpthosts", "percenthack");
    private static final List<String> TEXTS =
            List.of("smtpgreeting", "bouncefrom", "doublebounceto", "defaultdelivery", "badmailfrom");
    private static final int LONGEST_HOST_NAME = 255;
    private static final String LABEL_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

    private final Home home;
    private final ControlFiles controls;

    ConfigurationCheck(Home home) {
        this.home = home;
        this.controls = home.controls();
    }

    /**
     * Reads every control file once.
     *
     * @throws Complaint at the first mistake
     */
    void run() throws Complaint {
        try {
            if (controls.me().isEmpty()) {
                throw mistake("me", "is missing", "put this host's mail domain into it");
            }
            for (String name : HOST_NAMES) {
                Optional<String> host = controls.line(name);
                if (host.isPresent() && !isHostName(host.get())) {
                    throw mistake(name, "holds \"" + host.get() + "\"", "its first line must be a host name");
                }
            }
            for (String name : TEXTS) {
                controls.line(name);
            }
            for (String name : NUMBERS) {
                number(name);
            }
            for (String name : DOMAIN_LISTS) {
                domains(name);
            }
            maps();
            database(controls.file("tcp.smtp.cdb"), "make it again with bin/tcprules");
            database(controls.file("morercpthosts.cdb"), "make it again");
            database(home.users().resolve("cdb"), "make it again with bin/qmail-newu");
        } catch (Complaint mistake) {
            throw mistake;
        } catch (IOException unreadable) {
            throw new Complaint(
                    ExitCode.TEMPORARY,
                    "tawny: fatal: " + unreadable.getMessage() + "; make it a file that this user may read");
        }
    }

    /** A host name as mail uses it: labels of letters, digits, hyphens and underscores, joined by dots. */
    static boolean isHostName(String text) {
        if (text.isEmpty() || text.length() > LONGEST_HOST_NAME || text.startsWith(".") || text.endsWith(".")) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = LABEL_LETTERS.indexOf(c) >= 0 || c > '~';
            boolean dot = c == '.' && text.charAt(i + 1) != '.';
            if (!plain && !dot) {
                return false;
            }
        }
        return true;
    }

    private void number(String name) throws IOException {
        Optional<String> line = controls.line(name);
        if (line.isPresent() && (line.get().isEmpty() || !line.get().chars().allMatch(c -> c >= '0' && c <= '9'))) {
            throw mistake(name, "holds \"" + line.get() + "\"", "its first line must be a number and nothing else");
        }
    }

    private void domains(String name) throws IOException {
        for (String entry : controls.list(name).orElse(List.of())) {
            String domain = entry.startsWith(".") ? entry.substring(1) : entry;
            boolean literal = domain.startsWith("[") && domain.endsWith("]");
            if (!literal && !isHostName(domain)) {
                throw mistake(name, "has the line \"" + entry + "\"", "each line must be one domain without blanks");
            }
        }
    }

    /** Goes through the whole of a cdb, which finds any damage of its structure. */
    private static void database(Path file, String mend) throws Complaint {
        try {
            Cdb.open(file).forEach((key, data) -> {});
        } catch (NoSuchFileException absent) {
            // None is a setting too.
        } catch (IOException damaged) {
            String why = damaged instanceof CdbDamaged ? "damaged database" : Errno.text(damaged);
            throw new Complaint(ExitCode.TEMPORARY, "tawny: fatal: unable to read " + file + ": " + why + "; " + mend);
        }
    }

    private void maps() throws IOException {
        for (String entry : controls.list("virtualdomains").orElse(List.of())) {
            if (entry.indexOf(':') < 0 || entry.indexOf(' ') >= 0) {
                throw mistake("virtualdomains", "has the line \"" + entry + "\"", "each line must be domain:prefix");
            }
        }
        for (String entry : controls.list("smtproutes").orElse(List.of())) {
            String[] parts = entry.split(":", 3);
            boolean port = parts.length < 3
                    || parts[1].startsWith("[")
                    || (!parts[2].isEmpty() && Character.isDigit(parts[2].charAt(0)));
            if (parts.length < 2 || entry.indexOf(' ') >= 0 || !port) {
                throw mistake(
                        "smtproutes",
                        "has the line \"" + entry + "\"",
                        "each line must be domain:relay or domain:relay:port");
            }
        }
    }

    private Complaint mistake(String name, String what, String mend) {
        Path file = controls.file(name);
        return new Complaint(ExitCode.PERMANENT, "tawny: fatal: " + file + " " + what + "; " + mend);
    }
}
