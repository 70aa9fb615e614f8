package org.tawnymail.assembly.check;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.ControlFile;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.local.dotqmail.Instruction;
import org.tawnymail.remote.qmqp.QmqpServers;

/** Looks at each control file by itself: its form, and whether anything reads it. */
final class ControlCheck {

    private static final Set<ControlFile> DOMAIN_LISTS =
            Set.of(ControlFile.LOCALS, ControlFile.RCPTHOSTS, ControlFile.MORERCPTHOSTS, ControlFile.PERCENTHACK);

    /** Lists that know no {@code .domain} (core spec, section 12.3). */
    private static final Set<ControlFile> WHOLE_NAMES = Set.of(ControlFile.LOCALS, ControlFile.PERCENTHACK);

    private static final String MAKE_RULES = "make it again with bin/tcprules";
    private static final String MAKE_MORE = "make it again with bin/qmail-newmrh";
    private static final int LARGEST_PORT = 65535;

    /** Names that are this alike are taken for a typing mistake. */
    private static final int LARGEST_DISTANCE = 2;

    /** More names are not looked at. */
    private static final int MOST_FILES = 1_000;

    private final ControlFiles controls;
    private final Findings findings;

    ControlCheck(Home home, Findings findings) {
        this.controls = home.controls();
        this.findings = findings;
    }

    void run() {
        for (ControlFile file : ControlFile.all()) {
            try {
                check(file);
            } catch (IOException unreadable) {
                String why = unreadable instanceof ControlFiles.UnreadableControl control
                        ? control.why()
                        : Errno.text(unreadable);
                findings.stopping(
                        controls.file(file), "cannot be read: " + why, "make it a file that this user may read");
            }
        }
        Path rules = controls.file(ControlFile.TCP_SMTP_CDB);
        Path more = controls.file(ControlFile.MORERCPTHOSTS_CDB);
        Databases.check(rules, MAKE_RULES, findings);
        Databases.check(more, MAKE_MORE, findings);
        Databases.checkAge(controls.file(ControlFile.TCP_SMTP), rules, MAKE_RULES, findings);
        Databases.checkAge(controls.file(ControlFile.MORERCPTHOSTS), more, MAKE_MORE, findings);
        unknownNames();
    }

    private void check(ControlFile file) throws IOException {
        Path path = controls.file(file);
        if (file.kind() == ControlFile.Kind.CDB) {
            return;
        }
        if (Files.notExists(path)) {
            if (file == ControlFile.ME) {
                findings.stopping(path, "is missing", "put this host's mail domain into it");
            }
            return;
        }
        List<String> lines = controls.rawLines(file);
        if (lines.stream().anyMatch(line -> line.endsWith("\r"))) {
            findings.stopping(path, "has carriage returns at the ends of its lines", "save it with plain line feeds");
            return;
        }
        switch (file.kind()) {
            case LINE -> line(file, lines);
            case NUMBER -> number(file, lines);
            case LIST, MAP -> list(file);
            case RULES -> rules(file);
            case CDB -> {}
        }
    }

    private void line(ControlFile file, List<String> lines) throws IOException {
        String value = controls.line(file);
        boolean host = file == ControlFile.ME || (file.otherwise().isMe() && file != ControlFile.SMTPGREETING);
        if (host && !ConfigurationCheck.isHostName(value)) {
            findings.stopping(
                    controls.file(file),
                    "holds \"" + value + "\"",
                    "its first line must be a host name without blanks");
        }
        if (file == ControlFile.DOUBLEBOUNCETO && value.indexOf('@') >= 0) {
            findings.warning(
                    controls.file(file),
                    "holds \"" + value + "\", and doublebouncehost is put behind it all the same",
                    "leave the user here, and put the host into doublebouncehost");
        }
        if (file == ControlFile.DEFAULTDELIVERY) {
            defaultDelivery(value);
        }
        onlyOneLine(file, lines);
    }

    /** Like any other line of a .qmail file, it is an address if it has no sign that it is something else. */
    private void defaultDelivery(String value) {
        for (Instruction instruction : Instruction.parse(value)) {
            if (instruction instanceof Instruction.ToAddress(String address) && address.indexOf('@') < 0) {
                findings.error(
                        controls.file(ControlFile.DEFAULTDELIVERY),
                        "forwards all mail to the address \"" + address + "\"",
                        "a path begins with ./ or /, a program with |, and an address has an @");
            }
        }
    }

    private void number(ControlFile file, List<String> lines) throws IOException {
        String value = controls.line(file);
        if (value.isEmpty() || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            findings.stopping(
                    controls.file(file),
                    "holds \"" + value + "\", which counts as " + controls.number(file),
                    "its first line must be a number and nothing else");
        }
        boolean concurrency = file == ControlFile.CONCURRENCYLOCAL || file == ControlFile.CONCURRENCYREMOTE;
        if (concurrency && controls.number(file) > ControlFile.LARGEST_CONCURRENCY) {
            findings.warning(
                    controls.file(file),
                    "counts as " + ControlFile.LARGEST_CONCURRENCY + ", the most there is",
                    "put a smaller number into it");
        }
        onlyOneLine(file, lines);
    }

    private void onlyOneLine(ControlFile file, List<String> lines) {
        if (lines.stream().skip(1).anyMatch(line -> !line.isBlank())) {
            findings.warning(controls.file(file), "has more than one line", "only the first counts: remove the others");
        }
    }

    private void list(ControlFile file) throws IOException {
        Path path = controls.file(file);
        Set<String> keys = new HashSet<>();
        for (String entry : controls.list(file)) {
            String key = file.kind() == ControlFile.Kind.MAP ? entry.split(":", 2)[0] : entry;
            if (!keys.add(Octets.lowerCase(key))) {
                findings.warning(path, "has \"" + key + "\" twice", "only the last line counts: remove the others");
            }
            if (DOMAIN_LISTS.contains(file)) {
                domain(path, entry);
                if (WHOLE_NAMES.contains(file) && entry.startsWith(".")) {
                    findings.error(path, "has the line \"" + entry + "\", which is no host's name", "list each host");
                }
            } else if (file == ControlFile.VIRTUALDOMAINS) {
                virtualDomain(path, entry);
            } else if (file == ControlFile.SMTPROUTES) {
                route(path, entry);
            } else if (file == ControlFile.BADMAILFROM && entry.indexOf('@') < 0) {
                findings.warning(
                        path, "has the line \"" + entry + "\" without @", "write an address, or @ and a domain");
            } else if (file == ControlFile.QMQPSERVERS && !QmqpServers.isServer(entry)) {
                findings.error(path, "has the line \"" + entry + "\", which is passed over", "write its address");
            } else if (entry.startsWith(" ") || entry.startsWith("\t")) {
                findings.error(path, "has the line \"" + entry + "\"", "remove the blanks at its beginning");
            }
        }
    }

    private void domain(Path path, String entry) {
        String domain = entry.startsWith(".") ? entry.substring(1) : entry;
        boolean literal = domain.startsWith("[") && domain.endsWith("]");
        if (!literal && !ConfigurationCheck.isHostName(domain)) {
            findings.stopping(path, "has the line \"" + entry + "\"", "each line must be one domain without blanks");
        }
    }

    private void virtualDomain(Path path, String entry) {
        if (entry.indexOf(':') < 0 || hasBlanks(entry)) {
            findings.stopping(path, "has the line \"" + entry + "\"", "each line must be domain:prefix without blanks");
        }
    }

    private void route(Path path, String entry) {
        String[] parts = entry.split(":", 2);
        if (parts.length < 2 || hasBlanks(entry) || !isRelay(parts[1])) {
            findings.stopping(
                    path, "has the line \"" + entry + "\"", "each line must be domain:relay or domain:relay:port");
        }
    }

    /** Nothing, {@code host}, {@code host:port}, {@code [address]} or {@code [address]:port}. */
    private static boolean isRelay(String relay) {
        int bracket = relay.startsWith("[") ? relay.indexOf(']') : -1;
        int colon = relay.indexOf(':', bracket + 1);
        if (colon < 0 || colon == relay.length() - 1) {
            return true;
        }
        long port = ControlFiles.leadingDigits(relay.substring(colon + 1)).orElse(0);
        return colon > 0 && port >= 1 && port <= LARGEST_PORT;
    }

    private static boolean hasBlanks(String entry) {
        return entry.indexOf(' ') >= 0 || entry.indexOf('\t') >= 0;
    }

    private void rules(ControlFile file) throws IOException {
        Path path = controls.file(file);
        for (String line : controls.list(file)) {
            if (line.indexOf(':') < 0) {
                findings.warning(
                        path,
                        "has the line \"" + line + "\" without a colon",
                        "each line must be address:allow or address:deny");
            } else if (line.startsWith(":allow") && line.contains("RELAYCLIENT=")) {
                findings.error(
                        path,
                        "has the line \"" + line + "\": everyone may relay",
                        "give RELAYCLIENT to your own addresses only");
            }
        }
    }

    private void unknownNames() {
        int seen = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(controls.directory())) {
            for (Path path : files) {
                String name = Octets.fileName(path.getFileName());
                if (++seen > MOST_FILES) {
                    findings.warning(
                            controls.directory(),
                            "has more than " + MOST_FILES + " files: the others were not looked at",
                            "remove what is no control file");
                    return;
                }
                if (!name.startsWith(".")
                        && !name.endsWith(".tmp")
                        && ControlFile.named(name).isEmpty()) {
                    findings.warning(path, "is read by nothing", hint(name));
                }
            }
        } catch (IOException unreadable) {
            findings.stopping(
                    controls.directory(),
                    "cannot be read: " + Errno.text(unreadable),
                    "make it a folder of control files");
        }
    }

    private static String hint(String name) {
        Optional<String> alike = Optional.empty();
        int least = LARGEST_DISTANCE + 1;
        for (ControlFile file : ControlFile.all()) {
            int distance = distance(Octets.lowerCase(name), file.fileName());
            if (distance < least) {
                least = distance;
                alike = Optional.of(file.fileName());
            }
        }
        return alike.map(known -> "did you mean " + known + "?").orElse("remove it, or see doc/control-files.md");
    }

    /** How many letters must be put in, taken out or replaced to make one of the other (Levenshtein); small texts only. */
    private static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > LARGEST_DISTANCE) {
            return LARGEST_DISTANCE + 1;
        }
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[b.length()];
    }
}
