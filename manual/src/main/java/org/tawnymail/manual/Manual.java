package org.tawnymail.manual;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All man pages of a folder of Markdown pages.
 *
 * <p>Sections are those that qmail's users know: 1 what anybody calls, 5 formats, 7 overviews, 8 daemons and what an
 * administrator calls. A page that none of the tables here names is that of a program of section 8.
 */
public final class Manual {

    private static final Set<String> USER_COMMANDS = Set.of(
            "bouncesaying",
            "condredirect",
            "datemail",
            "elq",
            "except",
            "fastforward",
            "forward",
            "maildir2mbox",
            "maildirmake",
            "maildirwatch",
            "mailq",
            "mailsubj",
            "new-inject",
            "pinq",
            "predate",
            "preline",
            "qail",
            "qbiff",
            "qreceipt",
            "tcp-env",
            "tcprules",
            "tcprulescheck",
            "tcpserver",
            "vacation");

    private static final Set<String> FORMATS = Set.of(
            "addresses",
            "bounces",
            "cdb",
            "control-files",
            "dot-qmail",
            "envelopes",
            "header-rewriting",
            "log-format",
            "mailboxes",
            "maildir",
            "mbox",
            "qmail-users",
            "qmqp",
            "qmtp",
            "queue-format",
            "spawn-protocol",
            "tcp-environ");

    private static final Set<String> OVERVIEWS =
            Set.of("boot", "durability", "forgeries", "mini-qmail", "qmail-limits", "qmail-security");

    /** Pages for whoever works on Tawny or looks for its state: they are read as they are. */
    private static final Set<String> GUIDES =
            Set.of("README", "architecture", "bench", "compatibility", "hostile-input");

    /** Formats whose man page has the name that qmail gave it, beside its own. */
    private static final Map<String, String> QMAIL_NAMES =
            Map.of("control-files", "qmail-control", "header-rewriting", "qmail-header", "log-format", "qmail-log");

    private final Path doc;

    /** @param doc the folder with the Markdown pages */
    public Manual(Path doc) {
        this.doc = doc;
    }

    /** Writes all man pages of a folder: {@code Manual DOC MAN}. */
    public static void main(String[] arguments) throws IOException {
        new Manual(Path.of(arguments[0])).write(Path.of(arguments[1]));
    }

    /** The section of a page of that name, without {@code .md}; nothing if it is a guide. */
    public static Optional<Integer> section(String page) {
        if (GUIDES.contains(page)) {
            return Optional.empty();
        }
        int section = USER_COMMANDS.contains(page) ? 1 : FORMATS.contains(page) ? 5 : OVERVIEWS.contains(page) ? 7 : 8;
        return Optional.of(section);
    }

    /** The name of the man page of a page. */
    public static String manName(String page) {
        return QMAIL_NAMES.getOrDefault(page, page);
    }

    /** All pages that are man pages, by name. */
    public List<ManualPage> pages() throws IOException {
        List<ManualPage> pages = new ArrayList<>();
        for (String name : names()) {
            Optional<Integer> section = section(name);
            if (section.isPresent()) {
                pages.add(ManualPage.of(name, section.get(), Files.readString(doc.resolve(name + ".md"))));
            }
        }
        return pages;
    }

    /** The names of all pages, guides included, without {@code .md}. */
    public List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(doc)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".md"))
                    .map(name -> name.substring(0, name.length() - ".md".length()))
                    .sorted()
                    .toList();
        }
    }

    /** Writes {@code man1/forward.1} and so on into a folder. */
    public void write(Path man) throws IOException {
        for (ManualPage page : pages()) {
            Path folder = Files.createDirectories(man.resolve("man" + page.section()));
            for (String name : List.of(page.manName(), page.name())) {
                Files.writeString(folder.resolve(name + "." + page.section()), page.roff());
            }
        }
    }
}
