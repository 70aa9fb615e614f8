package org.tawnymail.base.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Recognises the command lines that need no shell: nothing but words, plain or quoted, and variables. Their words are
 * exactly those that {@code /bin/sh} would hand to the command, so that {@code |forward "$EXT"@corp.example} can run
 * without starting one.
 *
 * <p>Anything else is the shell's business, and so is anything doubtful: operators, redirections, substitutions, patterns,
 * comments, {@code ~}, assignments, reserved words and builtins, octets that are not ASCII, a variable that stands without
 * quotes and whose value the shell might split or take for a pattern, and every variable but those that a delivery has
 * (core spec, section 6.7), because shells make variables of their own.
 */
public final class ShellLine {

    private static final Set<String> DELIVERY_VARIABLES = names("""
                    USER HOME LOCAL HOST RECIPIENT SENDER NEWSENDER EXT EXT2 EXT3 EXT4 HOST2 HOST3 HOST4 DEFAULT
                    DTLINE RPLINE UFLINE
                    """);

    /** What dash, bash, ksh or busybox take for something else than the name of a file: reserved words and builtins. */
    private static final Set<String> NOT_FILES = names("""
                    if then else elif fi do done case esac while until for in function select time coproc
                    . : break continue eval exec exit export readonly return set shift source times trap unset
                    alias bg bind builtin caller cd chdir command compgen complete compopt declare dirs disown echo enable
                    false fc fg getopts hash help history jobs kill let local logout mapfile popd print printf pushd pwd
                    read readarray shopt sleep suspend test true type typeset ulimit umask unalias wait whence
                    """);

    /** How bash hands functions of its own to a shell below it; one of them may be named like a command. */
    private static final String EXPORTED_FUNCTION = "BASH_FUNC_";

    private final String line;
    private final Environment environment;
    private final List<String> words = new ArrayList<>();
    private int next;

    private ShellLine(String line, Environment environment) {
        this.line = line;
        this.environment = environment;
    }

    /**
     * The words of a line, the first being the command.
     *
     * @return nothing if the line has to be given to the shell
     */
    public static Optional<List<String>> words(String line, Environment environment) {
        boolean hasFunctions =
                environment.variables().keySet().stream().anyMatch(name -> name.startsWith(EXPORTED_FUNCTION));
        ShellLine parse = new ShellLine(line, environment);
        return !hasFunctions && isPrintable(line) && parse.all()
                ? Optional.of(List.copyOf(parse.words))
                : Optional.empty();
    }

    private static Set<String> names(String list) {
        return Set.of(list.strip().split("\\s+", -1));
    }

    private boolean all() {
        while (true) {
            skipBlanks();
            if (next == line.length()) {
                return !words.isEmpty();
            }
            int start = next;
            StringBuilder word = new StringBuilder();
            if (!word(word)) {
                return false;
            }
            if (words.isEmpty() && !isCommand(line.substring(start, next), word.toString())) {
                return false;
            }
            words.add(word.toString());
        }
    }

    private void skipBlanks() {
        while (next < line.length() && isBlank(line.charAt(next))) {
            next++;
        }
    }

    private boolean word(StringBuilder word) {
        while (next < line.length() && !isBlank(line.charAt(next))) {
            char c = line.charAt(next++);
            boolean known = switch (c) {
                case '\'' -> singleQuoted(word);
                case '"' -> doubleQuoted(word);
                case '\\' -> escaped(word);
                case '$' -> variable(word, false);
                default -> plain(c, word);
            };
            if (!known) {
                return false;
            }
        }
        return true;
    }

    private static boolean plain(char c, StringBuilder word) {
        word.append(c);
        return isPlain(c);
    }

    private boolean singleQuoted(StringBuilder word) {
        int end = line.indexOf('\'', next);
        if (end < 0) {
            return false;
        }
        word.append(line, next, end);
        next = end + 1;
        return true;
    }

    private boolean escaped(StringBuilder word) {
        if (next == line.length()) {
            return false;
        }
        word.append(line.charAt(next++));
        return true;
    }

    private boolean doubleQuoted(StringBuilder word) {
        while (next < line.length()) {
            char c = line.charAt(next++);
            switch (c) {
                case '"' -> {
                    return true;
                }
                case '`' -> {
                    return false;
                }
                case '$' -> {
                    if (!variable(word, true)) {
                        return false;
                    }
                }
                case '\\' -> {
                    if (next == line.length()) {
                        return false;
                    }
                    // Within double quotes a backslash means something only before these four.
                    char quoted = line.charAt(next++);
                    if ("$`\"\\".indexOf(quoted) < 0) {
                        word.append('\\');
                    }
                    word.append(quoted);
                }
                default -> word.append(c);
            }
        }
        return false;
    }

    /** {@code $NAME} or <code>${NAME}</code>, the dollar sign already read. */
    private boolean variable(StringBuilder word, boolean quoted) {
        boolean braces = next < line.length() && line.charAt(next) == '{';
        int start = braces ? next + 1 : next;
        int end = start;
        while (end < line.length() && isNameCharacter(line.charAt(end))) {
            end++;
        }
        if (braces && (end == line.length() || line.charAt(end) != '}')) {
            return false;
        }
        String name = line.substring(start, end);
        next = braces ? end + 1 : end;
        Optional<String> value = DELIVERY_VARIABLES.contains(name) ? environment.get(name) : Optional.empty();
        if (value.isEmpty() || (!quoted && !isPlainWord(value.get()))) {
            return false;
        }
        word.append(value.get());
        return true;
    }

    /** Whether the first word surely names a file: as it is written, and as it is meant. */
    private static boolean isCommand(String written, String meant) {
        return isPlainWord(meant)
                && written.indexOf('$') < 0
                && meant.indexOf('=') < 0
                && meant.indexOf('%') < 0
                && !NOT_FILES.contains(meant);
    }

    /** A value that needs no quotes; an empty one would make the word vanish. */
    private static boolean isPlainWord(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (!isPlain(value.charAt(i))) {
                return false;
            }
        }
        return !value.isEmpty();
    }

    /** What means nothing but itself to any shell, wherever it stands after the first word. */
    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "_-./,:+@%=".indexOf(c) >= 0;
    }

    private static boolean isNameCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isPrintable(String line) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if ((c < ' ' && c != '\t') || c > '~') {
                return false;
            }
        }
        return true;
    }
}
