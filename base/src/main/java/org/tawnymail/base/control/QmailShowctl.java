package org.tawnymail.base.control;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.SystemError;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/**
 * {@code qmail-showctl}: says in words what each control file sets, and names the files that nothing reads (core spec,
 * section 11.5). qmail's files come first, in its order; then ours.
 */
public final class QmailShowctl implements Program {

    /** The bits that qmail-local does not bear on homes and {@code .qmail} files (core spec, section 1.4). */
    private static final int PATERNALISM = 2;

    /** What qmail was built with; the journal has no such directories. */
    private static final int SUBDIRECTORY_SPLIT = 23;

    private static final String[] USERS = {"alias", "qmaild", "qmaill", "root", "qmailp", "qmailq", "qmailr", "qmails"};
    private static final String[] GROUPS = {"nofiles", "qmail"};

    private static final String DEFAULT = "(Default.) ";
    private static final String TROUBLE = "Oops! Trouble reading this file.\n";
    private static final String NO_NAME = "undefined! Uh-oh";
    private static final String NO_RECIPIENT = "SMTP clients may send messages to no recipient.";
    private static final String MORE_WITHOUT_LIST = "No rcpthosts; doesn't matter that morercpthosts has *.";
    private static final String NO_MORE_WITHOUT_LIST = "No rcpthosts; morercpthosts is irrelevant.";

    private final Home home;
    private final ControlFiles controls;
    private final Ids ids;

    /** The numbers of accounts and groups by their names. */
    public interface Ids {
        OptionalInt user(String name) throws SystemError;

        OptionalInt group(String name) throws SystemError;
    }

    public QmailShowctl(Home home, Ids ids) {
        this.home = home;
        this.controls = home.controls();
        this.ids = ids;
    }

    @Override
    public int run(Call call) throws IOException {
        OutputStream out = new BufferedOutputStream(call.stdout());
        try {
            return show(out);
        } finally {
            out.flush();
        }
    }

    private int show(OutputStream out) throws IOException {
        String place = printable(Octets.fileName(home.path()));
        if (!Files.isDirectory(home.path())) {
            put(out, "Oops! Unable to chdir to " + place + ".\n");
            return ExitCode.TEMPORARY;
        }
        put(out, "qmail home directory: " + place + ".\n");
        put(out, "user-ext delimiter: -.\n");
        put(out, "paternalism (in decimal): " + PATERNALISM + ".\n");
        put(out, "silent concurrency limit: " + ControlFile.LARGEST_CONCURRENCY + ".\n");
        put(out, "subdirectory split: " + SUBDIRECTORY_SPLIT + ".\n");
        showIds(out);
        if (!Files.isDirectory(controls.directory())) {
            put(out, "Oops! Unable to chdir to control.\n");
            return ExitCode.TEMPORARY;
        }
        List<String> names;
        try {
            names = names();
        } catch (IOException unreadable) {
            put(out, "Oops! Unable to open current directory.\n");
            return ExitCode.TEMPORARY;
        }
        for (ControlFile file : ControlFile.all()) {
            put(out, "\n" + file.fileName() + ": ");
            try {
                show(out, file);
            } catch (ControlFiles.UnreadableControl unreadable) {
                put(out, TROUBLE);
            }
        }
        for (String name : names) {
            if (ControlFile.named(name).isEmpty()) {
                put(out, "\n" + printable(name) + ": I have no idea what this file does.\n");
            }
        }
        return ExitCode.SUCCESS;
    }

    private void showIds(OutputStream out) throws IOException {
        StringBuilder users = new StringBuilder("user ids: ");
        for (String name : USERS) {
            appendId(users, ids.user(name), name.equals(USERS[USERS.length - 1]));
        }
        StringBuilder groups = new StringBuilder("group ids: ");
        for (String name : GROUPS) {
            appendId(groups, ids.group(name), name.equals(GROUPS[GROUPS.length - 1]));
        }
        put(out, users.toString());
        put(out, groups.toString());
    }

    private static void appendId(StringBuilder text, OptionalInt id, boolean last) {
        text.append(id.isPresent() ? Integer.toUnsignedString(id.getAsInt()) : "none")
                .append(last ? ".\n" : ", ");
    }

    /** The files in control, hidden ones left out, in alphabetical order. */
    private List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(controls.directory())) {
            for (Path file : files) {
                String name = Octets.fileName(file.getFileName());
                if (!name.startsWith(".")) {
                    names.add(name);
                }
            }
        }
        Collections.sort(names);
        return names;
    }

    private void show(OutputStream out, ControlFile file) throws IOException {
        switch (file.kind()) {
            case LINE -> showLine(out, file);
            case NUMBER -> showNumber(out, file);
            case LIST, MAP, RULES -> showList(out, file);
            case CDB -> showDatabase(out, file);
        }
    }

    private void showLine(OutputStream out, ControlFile file) throws IOException {
        if (Files.notExists(controls.file(file))) {
            put(out, DEFAULT);
        }
        String without = file == ControlFile.ME ? NO_NAME : file.fileName();
        put(out, said(file.words(), controls.lineIfAny(file).orElse(without)));
    }

    private void showNumber(OutputStream out, ControlFile file) throws IOException {
        if (!controls.hasNumber(file)) {
            put(out, DEFAULT);
        }
        put(out, said(file.words(), Long.toUnsignedString(controls.number(file))));
    }

    private void showList(OutputStream out, ControlFile file) throws IOException {
        boolean limited = Files.exists(controls.file(ControlFile.RCPTHOSTS));
        boolean idle = file == ControlFile.MORERCPTHOSTS && !limited;
        Optional<List<String>> entries = controls.listIfThere(file);
        if (entries.isEmpty()) {
            boolean closed = file == ControlFile.RCPTHOSTS && controls.number(ControlFile.OPENRELAY) == 0;
            put(out, DEFAULT);
            put(out, (closed ? NO_RECIPIENT : idle ? NO_MORE_WITHOUT_LIST : file.wordsIfAbsent()) + "\n");
            return;
        }
        put(out, "\n");
        for (String entry : entries.get()) {
            put(out, said(idle ? MORE_WITHOUT_LIST : file.words(), entry));
        }
    }

    private void showDatabase(OutputStream out, ControlFile file) throws IOException {
        String name = file.fileName();
        String source = name.substring(0, name.length() - ".cdb".length());
        Path database = controls.file(file);
        Path text = controls.file(source);
        if (!Files.exists(database)) {
            put(
                    out,
                    Files.exists(text)
                            ? "Oops! " + source + " exists but " + name + " doesn't.\n"
                            : DEFAULT + file.wordsIfAbsent() + "\n");
        } else if (!Files.exists(text)) {
            put(out, "Oops! " + name + " exists but " + source + " doesn't.\n");
        } else if (changed(database).compareTo(changed(text)) < 0) {
            put(out, "Oops! " + name + " is older than " + source + ".\n");
        } else {
            put(out, file.words() + "\n");
        }
    }

    private static FileTime changed(Path file) throws IOException {
        return Files.getLastModifiedTime(file);
    }

    private static String said(String words, String value) {
        int star = words.indexOf('*');
        return words.substring(0, star) + printable(value) + words.substring(star + 1) + "\n";
    }

    private static String printable(String value) {
        StringBuilder text = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            text.append(c >= ' ' && c <= '~' ? c : '?');
        }
        return text.toString();
    }

    private static void put(OutputStream out, String text) throws IOException {
        out.write(Octets.of(text));
    }
}
