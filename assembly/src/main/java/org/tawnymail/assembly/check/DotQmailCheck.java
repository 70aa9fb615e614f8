package org.tawnymail.assembly.check;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.FileStatus;
import org.tawnymail.base.process.PathSearch;
import org.tawnymail.base.program.Environment;
import org.tawnymail.local.dotqmail.Instruction;

/** Looks at a home directory and its {@code .qmail} files, as qmail-local will (core spec, sections 6.2 to 6.4). */
final class DotQmailCheck {

    private static final int WRITABLE_BY_ALL = 0002;
    private static final int STICKY = 01000;
    private static final int EXECUTABLE_BY_OWNER = 0100;

    /** More files of one home are not looked at. */
    private static final int MOST_FILES = 1_000;

    private static final long LARGEST_FILE = 64L << 20;

    /** What a command line may begin with that no file stands for. */
    private static final Set<String> SHELL_WORDS = Set.of(
            "if", "case", "for", "while", "until", "cd", "exec", "exit", "test", "true", "false", "echo", "printf",
            "read", "set", "umask", "export", "eval", "trap", "command", "unset", "wait", "kill", "return", "shift",
            "times", "ulimit");

    private static final String PLAIN_IN_SHELL =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+@%,";

    private final Path bin;
    private final Environment environment;
    private final Findings findings;

    /**
     * @param bin where our own programs are
     * @param environment with the {@code PATH} of programs
     */
    DotQmailCheck(Path bin, Environment environment, Findings findings) {
        this.bin = bin;
        this.environment = environment;
        this.findings = findings;
    }

    /** Looks at one home. A home that is not there is for others to name. */
    void home(Path home) {
        try {
            FileStatus status = FileStatus.of(home);
            if (status.hasAny(WRITABLE_BY_ALL)) {
                findings.error(home, "may be written by everybody: its mail waits", "chmod o-w it");
            }
            if (status.hasAny(STICKY)) {
                findings.warning(home, "is sticky: its mail waits while its owner edits", "chmod -t it when done");
            }
            files(home);
        } catch (NoSuchFileException absent) {
            // Named where the home is written down.
        } catch (IOException unreadable) {
            findings.warning(home, "cannot be looked into: " + Errno.text(unreadable), "run this as root");
        }
    }

    private void files(Path home) throws IOException {
        int seen = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                home, path -> Octets.fileName(path.getFileName()).startsWith(".qmail"))) {
            for (Path file : files) {
                if (++seen > MOST_FILES) {
                    findings.warning(
                            home,
                            "has more than " + MOST_FILES + " .qmail files: the others were not looked at",
                            "look at them yourself");
                    return;
                }
                if (Files.isRegularFile(file)) {
                    file(home, file);
                }
            }
        }
    }

    private void file(Path home, Path file) {
        name(file);
        try {
            FileStatus status = FileStatus.of(file);
            if (status.hasAny(WRITABLE_BY_ALL)) {
                findings.error(file, "may be written by everybody: its mail waits", "chmod o-w it");
            }
            if (status.size() > LARGEST_FILE) {
                findings.error(file, "is larger than 64 MB: its mail waits", "make it smaller");
                return;
            }
            String text = Octets.text(Files.readAllBytes(file));
            if (text.contains("\r\n")) {
                findings.error(file, "has carriage returns at the ends of its lines", "save it with plain line feeds");
                return;
            }
            boolean forwardOnly = status.hasAny(EXECUTABLE_BY_OWNER);
            for (Instruction instruction : Instruction.parse(text)) {
                forwardOnly |= instruction instanceof Instruction.ForwardOnly;
                instruction(home, file, instruction, forwardOnly);
            }
        } catch (IOException unreadable) {
            findings.warning(
                    file, "cannot be read: " + Errno.text(unreadable), "run this as root, or make it readable");
        }
    }

    /** The extension of an address is looked for in small letters and with colons for dots (core spec, section 6.3). */
    private void name(Path file) {
        String name = Octets.fileName(file.getFileName());
        if (name.startsWith(".qmail-") && name.chars().skip(1).anyMatch(c -> c == '.' || (c >= 'A' && c <= 'Z'))) {
            findings.warning(
                    file,
                    "is used for no address",
                    "write its name in small letters and : for each dot; if it is a copy, move it elsewhere");
        }
    }

    private void instruction(Path home, Path file, Instruction instruction, boolean forwardOnly) {
        switch (instruction) {
            case Instruction.BlankFirstLine() ->
                findings.error(file, "has a blank first line: its mail waits", "remove the line");
            case Instruction.ToMaildir(String path) -> {
                refuseIf(forwardOnly, file, path);
                maildir(home, file, path);
            }
            case Instruction.ToMbox(String path) -> {
                refuseIf(forwardOnly, file, path);
                mbox(home, file, path);
            }
            case Instruction.ToProgram(String commandLine) -> {
                refuseIf(forwardOnly, file, "|" + commandLine);
                program(home, file, commandLine);
            }
            case Instruction.ToAddress(String address) -> address(file, address);
            case Instruction.ForwardOnly() -> {}
        }
    }

    private void refuseIf(boolean forwardOnly, Path file, String line) {
        if (forwardOnly) {
            findings.error(
                    file,
                    "has the line \"" + line + "\" and may only forward: its mail waits",
                    "chmod -x it and take +list out, or remove the line");
        }
    }

    private void maildir(Path home, Path file, String name) {
        try {
            Path directory = home.resolve(Octets.path(name));
            for (String part : List.of("tmp", "new", "cur")) {
                if (Files.isDirectory(directory) && !Files.isExecutable(directory)) {
                    findings.warning(
                            file, "delivers to " + name + ", which is closed to this user", "run this as root");
                    return;
                }
                if (!Files.isDirectory(directory.resolve(part))) {
                    findings.error(
                            file,
                            "delivers to " + name + ", and " + directory.resolve(part)
                                    + " is no folder: its mail waits",
                            "make it with bin/maildirmake");
                    return;
                }
            }
        } catch (InvalidPathException unreachable) {
            findings.error(file, "delivers to " + name + ", which cannot be a file name", "mend the line");
        }
    }

    private void mbox(Path home, Path file, String name) {
        try {
            Path mailbox = home.resolve(Octets.path(name));
            if (Files.isDirectory(mailbox)) {
                findings.error(
                        file,
                        "delivers to the folder " + name + " as to a file: its mail waits",
                        "write " + name + "/");
            }
        } catch (InvalidPathException unreachable) {
            findings.error(file, "delivers to " + name + ", which cannot be a file name", "mend the line");
        }
    }

    private void program(Path home, Path file, String commandLine) {
        String command = commandLine.strip().split("[ \t;|&<>]", 2)[0];
        boolean plain = !command.isEmpty() && command.chars().allMatch(c -> PLAIN_IN_SHELL.indexOf(c) >= 0);
        if (!plain || SHELL_WORDS.contains(command) || command.equals(".")) {
            return;
        }
        try {
            boolean found = command.indexOf('/') >= 0
                    ? Files.isExecutable(home.resolve(Octets.path(command)))
                    : Files.exists(bin.resolve(command))
                            || PathSearch.executable(command, environment, home).isPresent();
            if (!found) {
                findings.error(file, "runs " + command + ", which is not to be found", "name a program that exists");
            }
        } catch (InvalidPathException unreachable) {
            findings.error(file, "runs " + command + ", which cannot be a file name", "mend the line");
        }
    }

    /**
     * A forward without {@code @} is legal, and so is one with blanks; nearly always it was meant to be a path or a command, or
     * the address as it stands in a header, which it is not.
     */
    private void address(Path file, String address) {
        boolean path = address.indexOf('@') < 0 && (address.indexOf('/') >= 0 || address.contains("Mail"));
        if (path || address.indexOf(' ') >= 0 || address.indexOf('<') >= 0) {
            findings.warning(
                    file,
                    "forwards to the address \"" + address + "\"",
                    "a path begins with ./ or /, a program with |, and an address stands alone and has an @");
        }
    }
}
