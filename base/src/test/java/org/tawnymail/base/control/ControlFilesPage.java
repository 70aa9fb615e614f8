package org.tawnymail.base.control;

/** Writes {@code doc/control-files.md} from the list of all control files. */
final class ControlFilesPage {

    private static final String TOP = """
            # qmail-control

            The control files of the mail system: one setting a file.

            ## Description

            Control files are in `control` under the home (`/var/qmail`, `./var` in a checkout, or `TAWNY_HOME`). Each holds one
            setting in plain text. A file that is absent means its default; a file that is there and cannot be read is an error,
            never the default. [qmail-showctl](qmail-showctl.md) says what is set, and [tawny check](check.md) finds mistakes.

            There are these forms:

            - line: only the first line counts; blanks at its end do not. There are no comments. An empty file is an empty value.
            - number: the digits at the beginning of the first line. `10k` means 10; no digits at all mean the default.
            - list: one entry a line. Blanks at the end of a line, empty lines, and lines that begin with `#` do not count. Blanks
              at the beginning do, and then nothing matches.
            - map: a list of `key:value`, split at the first colon. Lines without a colon have no effect.
            - rules: the lines that [tcprules](tcprules.md) reads.
            - database: made by a program from the file of the same name without `.cdb`.

            The case of A to Z does not count in keys and entries, and of two lines with one key the last counts. A NUL ends an
            entry of a list. A file is at most 64 MB.

            `me` is the default of many others. If it is missing too, some fall back to their own name, and some make the program
            refuse to run: the table says which.

            """;

    private static final String END = """
            ## See also

            [qmail-showctl](qmail-showctl.md), [check](check.md), [compatibility](compatibility.md)
            """;

    static String markdown() {
        StringBuilder page = new StringBuilder(TOP);
        page.append("## Control files\n\n");
        page.append("| file | form | default | read by | a change counts |\n|---|---|---|---|---|\n");
        for (ControlFile file : ControlFile.all()) {
            page.append("| ").append(file.fileName());
            page.append(" | ").append(form(file));
            page.append(" | ").append(otherwise(file));
            page.append(" | ").append(file.readers());
            page.append(" | ").append(file.reread().words()).append(" |\n");
        }
        page.append('\n');
        for (ControlFile file : ControlFile.all()) {
            page.append("### ").append(file.fileName()).append("\n\n");
            page.append(file.meaning()).append("\n\n");
            page.append("Form: ").append(form(file));
            page.append(". Default: ").append(otherwise(file));
            page.append(". Read by ").append(file.readers());
            page.append("; a change counts ").append(file.reread().words()).append(".\n\n");
            if (!file.example().isEmpty()) {
                page.append("```\n").append(file.example()).append("\n```\n\n");
            }
        }
        return page.append(END).toString();
    }

    private static String form(ControlFile file) {
        return switch (file.kind()) {
            case LINE -> "line";
            case NUMBER -> "number";
            case LIST -> "list";
            case MAP -> "map";
            case CDB -> "database";
            case RULES -> "rules";
        };
    }

    private static String otherwise(ControlFile file) {
        return switch (file.otherwise()) {
            case NONE -> "none";
            case NEEDED -> "none; its reader refuses to run";
            case LITERAL -> "`" + file.literal().orElseThrow() + "`";
            case ME_IF_ANY -> "`me`, else nothing";
            case ME_IS_NEEDED -> "`me`, else its reader refuses to run";
            case ME_ELSE_ITS_NAME -> "`me`, else `" + file.fileName() + "`";
        };
    }

    private ControlFilesPage() {}
}
