package org.tawnymail.base.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.program.ProgramTable;

/**
 * Runs the programs of a table inside this process and everything else as a child process.
 *
 * <p>Which of the two a name means is remembered for {@value #MEMORY_MILLIS} ms, so that a busy server need not look
 * through {@code PATH} for every delivery; a file put in the way of one of our names counts from then on.
 */
public final class ProgramCommands implements Commands {

    private static final long MEMORY_MILLIS = 2000;

    /** Beside our own directory; every name in there is a link to it, unless somebody has put something else in its place. */
    private static final String LAUNCHER = "tawny";

    /** More names than this have never been asked for by honest callers; then the memory starts anew. */
    private static final int MOST_REMEMBERED = 1000;

    private record Question(String name, String path) {}

    private record Answer(boolean isOurs, long askedAt) {}

    private final ProgramTable programs;
    private final Path ownDirectory;
    private final Path launcher;
    private final Map<Question, Answer> answers = new ConcurrentHashMap<>();

    /**
     * @param programs our own programs
     * @param ownDirectory the directory where each of them has a link to our launcher; need not exist, but then none of
     *     them can run as another user
     */
    public ProgramCommands(ProgramTable programs, Path ownDirectory) {
        this.programs = programs;
        this.ownDirectory = ownDirectory.toAbsolutePath();
        this.launcher = this.ownDirectory.resolveSibling(LAUNCHER);
    }

    @Override
    public boolean isOurs(String name, Environment environment) {
        return isOurs(name, environment, null);
    }

    /** A program of ours runs on the calling thread: a server that waits for each connection's program saves a thread. */
    @Override
    public Ending run(Call call) throws CommandNotRun {
        Optional<Program> own = own(call);
        return own.isPresent()
                ? OwnProgram.runHere(own.get(), call)
                : startChild(call, Optional.empty()).await();
    }

    @Override
    public Running start(Call call) throws CommandNotRun {
        Optional<Program> own = own(call);
        return own.isPresent() ? OwnProgram.start(own.get(), call) : startChild(call, Optional.empty());
    }

    @Override
    public Running start(Call call, Identity identity) throws CommandNotRun {
        boolean alreadyThatUser = ThisProcess.effectiveUid() == identity.uid() && identity.uid() != 0;
        if (alreadyThatUser) {
            return start(call);
        }
        if (isOurs(call.name(), call.environment(), call.directory())) {
            Path launcher = ownDirectory.resolve(call.programName());
            return startChild(call, List.of(Octets.fileName(launcher)), Optional.of(identity));
        }
        return startChild(call, Optional.of(identity));
    }

    private Optional<Program> own(Call call) {
        return isOurs(call.name(), call.environment(), call.directory())
                ? programs.find(call.programName())
                : Optional.empty();
    }

    private Running startChild(Call call, Optional<Identity> identity) throws CommandNotRun {
        String name = call.name();
        List<String> candidates = name.indexOf('/') >= 0
                ? List.of(name)
                : PathSearch.directories(call.environment()).stream()
                        .map(directory -> PathSearch.file(directory, name))
                        .toList();
        return startChild(call, candidates, identity);
    }

    /** Tries one file after the other; only one that is not there, or not to be run, lets the next have its turn. */
    private static Running startChild(Call call, List<String> candidates, Optional<Identity> identity)
            throws CommandNotRun {
        if (call.name().isEmpty()) {
            throw notRun(Errno.ENOENT);
        }
        Errno last = Errno.ENOENT;
        for (String candidate : candidates) {
            if (candidates.size() > 1 && isMissing(candidate, call.directory())) {
                continue;
            }
            try {
                return ChildProcess.start(candidate, call, identity);
            } catch (IOException failed) {
                Errno error = Errno.of(failed).orElse(Errno.EIO);
                switch (error) {
                    case ENOENT -> {}
                    case EACCES, EPERM, EISDIR -> last = error;
                    default -> throw notRun(error);
                }
            }
        }
        throw notRun(last);
    }

    private static CommandNotRun notRun(Errno error) {
        return new CommandNotRun(error.text(), error.isTemporary());
    }

    private boolean isOurs(String name, Environment environment, @Nullable Path directory) {
        String base = name.substring(name.lastIndexOf('/') + 1);
        if (!programs.names().contains(base)) {
            return false;
        }
        boolean isPath = name.indexOf('/') >= 0;
        Question question =
                new Question(name, isPath ? "" : environment.get("PATH").orElse(""));
        boolean dependsOnDirectory = isPath && !name.startsWith("/");
        Answer known = dependsOnDirectory ? null : answers.get(question);
        long now = System.nanoTime();
        if (known != null && now - known.askedAt < TimeUnit.MILLISECONDS.toNanos(MEMORY_MILLIS)) {
            return known.isOurs;
        }
        boolean isOurs = isPath ? leadsToOurLauncher(name, base, directory) : !isHidden(name, environment);
        if (!dependsOnDirectory) {
            if (answers.size() >= MOST_REMEMBERED) {
                answers.clear();
            }
            answers.put(question, new Answer(isOurs, now));
        }
        return isOurs;
    }

    /** Whether a directory that stands before our own in PATH has an executable of that name which is not ours. */
    private boolean isHidden(String name, Environment environment) {
        for (String directory : PathSearch.directories(environment)) {
            if (isOwnDirectory(directory)) {
                return isReplaced(name);
            }
            if (!directory.startsWith("/")) {
                continue; // Wherever a call happens to stand must not decide what qmail-queue is.
            }
            Optional<Path> file = path(PathSearch.file(directory, name));
            if (file.isPresent()
                    && Files.isRegularFile(file.get())
                    && Files.isExecutable(file.get())
                    && !isSameFile(file.get(), ownDirectory.resolve(name))) {
                return ownDirectoryFollows(environment);
            }
        }
        return false;
    }

    /** Whether somebody has put another executable in the place of the link to our launcher. */
    private boolean isReplaced(String name) {
        Path file = ownDirectory.resolve(name);
        return Files.isRegularFile(file) && Files.isExecutable(file) && !isLauncher(file, name);
    }

    /** Without our own directory in PATH, nothing stands before it. */
    private boolean ownDirectoryFollows(Environment environment) {
        return PathSearch.directories(environment).stream().anyMatch(this::isOwnDirectory);
    }

    private boolean isOwnDirectory(String directory) {
        return directory.startsWith("/")
                && path(directory)
                        .filter(path -> isSameFile(path, ownDirectory))
                        .isPresent();
    }

    private boolean leadsToOurLauncher(String name, String base, @Nullable Path directory) {
        Optional<Path> file = path(name);
        if (file.isEmpty() || (directory == null && !file.get().isAbsolute())) {
            return false;
        }
        Path absolute = directory == null ? file.get() : directory.resolve(file.get());
        return isLauncher(absolute, base);
    }

    /** Where there is no launcher, what stands in our own directory must do. */
    private boolean isLauncher(Path file, String name) {
        return isSameFile(file, Files.exists(launcher) ? launcher : ownDirectory.resolve(name));
    }

    private static boolean isMissing(String file, Path directory) {
        return path(file)
                .map(path -> Files.notExists(directory.resolve(path), LinkOption.NOFOLLOW_LINKS))
                .orElse(false);
    }

    private static boolean isSameFile(Path a, Path b) {
        try {
            return a.equals(b) || Files.isSameFile(a, b);
        } catch (IOException oneIsMissing) {
            return false;
        }
    }

    /** A name that no path of the JDK can express is none of our files; a child process may still be given it. */
    private static Optional<Path> path(String name) {
        try {
            return Optional.of(Octets.path(name));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
