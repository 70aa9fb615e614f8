package org.tawnymail.assembly.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.ControlFile;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.control.ControlMap;
import org.tawnymail.base.control.Home;
import org.tawnymail.local.dotqmail.DotQmailName;
import org.tawnymail.local.users.LocalUser;
import org.tawnymail.local.users.LookupFailure;
import org.tawnymail.local.users.UserLookup;

/** Looks at what the control files say together: which mail is taken, and where it ends. */
final class DomainCheck {

    private static final int SMTP_PORT = 25;

    /** Addresses that lead here without a look at the interfaces. */
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[127.0.0.1]", "0.0.0.0", "[0.0.0.0]");

    private final ControlFiles controls;
    private final UserLookup users;
    private final Findings findings;

    DomainCheck(Home home, UserLookup users, Findings findings) {
        this.controls = home.controls();
        this.users = users;
        this.findings = findings;
    }

    void run() {
        try {
            Optional<ControlMap> taken = taken();
            ControlMap locals = controls.setIfThere(ControlFile.LOCALS).orElseGet(ControlMap::empty);
            relaying(taken);
            locals(taken);
            virtualDomains(taken, locals);
            routes(locals);
        } catch (IOException unreadable) {
            // Each file that cannot be read has been named by ControlCheck; without it the whole cannot be judged.
        }
    }

    private void relaying(Optional<ControlMap> taken) throws IOException {
        boolean open = controls.number(ControlFile.OPENRELAY) > 0;
        if (taken.isEmpty() && !open) {
            findings.error(
                    controls.file(ControlFile.RCPTHOSTS),
                    "is missing: no mail is taken from the network",
                    "put the domains into it that this host takes mail for");
        } else if (open) {
            findings.warning(
                    controls.file(ControlFile.OPENRELAY),
                    taken.isEmpty() ? "makes this host an open relay" : "has no effect, because there is a rcpthosts",
                    "remove it");
        }
    }

    private void locals(Optional<ControlMap> taken) throws IOException {
        for (String domain : controls.listIfThere(ControlFile.LOCALS).orElse(List.of())) {
            if (taken.isPresent() && !domain.equals("localhost") && !isTaken(taken.get(), domain)) {
                findings.warning(
                        controls.file(ControlFile.LOCALS),
                        "has " + domain + ", which rcpthosts has not: its mail is not taken from the network",
                        "put it into rcpthosts too");
            }
        }
    }

    private void virtualDomains(Optional<ControlMap> taken, ControlMap locals) throws IOException {
        Path file = controls.file(ControlFile.VIRTUALDOMAINS);
        for (String entry : controls.listIfThere(ControlFile.VIRTUALDOMAINS).orElse(List.of())) {
            int colon = entry.indexOf(':');
            if (colon < 0) {
                continue;
            }
            String key = entry.substring(0, colon);
            String prefix = entry.substring(colon + 1);
            String domain = key.substring(key.lastIndexOf('@') + 1);
            if (locals.contains(domain)) {
                findings.error(
                        file,
                        "has " + key + ", which locals has too: the line has no effect",
                        "remove " + domain + " from one of the two");
            }
            if (!domain.isEmpty() && !prefix.isEmpty() && taken.isPresent() && !isTaken(taken.get(), domain)) {
                findings.warning(
                        file,
                        "has " + domain + ", which rcpthosts has not: its mail is not taken from the network",
                        "put it into rcpthosts too");
            }
            if (!prefix.isEmpty()) {
                destination(file, key, prefix);
            }
        }
    }

    /** There must be a {@code .qmail} file for at least one address of the domain. */
    private void destination(Path file, String key, String prefix) {
        try {
            LocalUser user = users.find(prefix + "-x");
            Path home = Octets.path(user.home());
            for (DotQmailName name : DotQmailName.candidates(user.dash(), user.ext())) {
                if (Files.exists(home.resolve(name.fileName()))) {
                    return;
                }
            }
            String whole =
                    DotQmailName.candidates(user.dash(), user.ext()).getFirst().fileName();
            String beginning = whole.substring(0, whole.length() - 1);
            if (user.dash().isEmpty() || hasFileThatBegins(home, beginning)) {
                return;
            }
            findings.error(
                    file,
                    "sends " + (key.isEmpty() ? "all other domains" : key) + " to " + prefix + ", and there is no "
                            + home.resolve(beginning + "default") + ": its mail bounces",
                    "make that file, or mend the prefix");
        } catch (LookupFailure failure) {
            findings.error(
                    file, "sends " + key + " to " + prefix + ", whose account is not to be found", "mend the prefix");
        } catch (IOException | IllegalArgumentException unreachable) {
            findings.warning(
                    file, "sends " + key + " to " + prefix + ", whose home cannot be looked at", "run this as root");
        }
    }

    private static boolean hasFileThatBegins(Path home, String beginning) throws IOException {
        try (var files = Files.newDirectoryStream(
                home, path -> Octets.fileName(path.getFileName()).startsWith(beginning))) {
            return files.iterator().hasNext();
        }
    }

    private void routes(ControlMap locals) throws IOException {
        String me = controls.me().orElse("");
        for (String entry : controls.listIfThere(ControlFile.SMTPROUTES).orElse(List.of())) {
            String[] parts = entry.split(":", 3);
            boolean here = parts.length >= 2
                    && !parts[1].isEmpty()
                    && (Octets.equalIgnoringCase(parts[1], me)
                            || locals.contains(parts[1])
                            || LOOPBACK.contains(parts[1]));
            long port = parts.length < 3
                    ? SMTP_PORT
                    : ControlFiles.leadingDigits(parts[2]).orElse(SMTP_PORT);
            if (here && port == SMTP_PORT) {
                findings.error(
                        controls.file(ControlFile.SMTPROUTES),
                        "has the line \"" + entry + "\", which leads back to this host: its mail goes in a circle",
                        "name another relay, or remove it");
            }
        }
    }

    /** The domains of rcpthosts and morercpthosts, or nothing if there is no rcpthosts. */
    private Optional<ControlMap> taken() throws IOException {
        Optional<List<String>> listed = controls.listIfThere(ControlFile.RCPTHOSTS);
        if (listed.isEmpty()) {
            return Optional.empty();
        }
        List<String> all = new ArrayList<>(listed.get());
        all.addAll(controls.list(ControlFile.MORERCPTHOSTS));
        return Optional.of(ControlMap.ofKeys(all));
    }

    private static boolean isTaken(ControlMap taken, String domain) {
        return taken.forDomain(domain).isPresent();
    }
}
