package org.tawnymail.assembly.adopt;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.LockedFile;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.queue.QueueInUse;
import org.tawnymail.queue.adopt.QueueAdoption;
import org.tawnymail.queue.disk.LocalDisk;
import org.tawnymail.queue.messages.JournalQueue;
import org.tawnymail.queue.messages.QueueOptions;

/**
 * {@code tawny adopt}: moves into an existing qmail home, or takes the mail of one into another home. Ends with 0 if nothing
 * is left in the old queue, with 111 if something stays there and with 100 if the command makes no sense.
 */
public final class Adopt implements Program {

    /** What is made is its owner's alone, as in a queue of ours. */
    private static final int MASK = 0077;

    private static final long SECONDS_BETWEEN_PROGRESS = 2;
    private static final Set<String> HELP = Set.of("--help", "-h");
    private static final String FATAL = "tawny: fatal: adopt: ";

    private final Set<String> ourPrograms;
    private final Program check;
    private final InstantSource clock;

    /**
     * @param ourPrograms the names of all our programs
     * @param check names the mistakes in the home that is its argument
     */
    public Adopt(Set<String> ourPrograms, Program check, InstantSource clock) {
        this.ourPrograms = ourPrograms;
        this.check = check;
        this.clock = clock;
    }

    @Override
    public int run(Call call) throws IOException {
        if (!call.arguments().isEmpty() && HELP.contains(call.arguments().getFirst())) {
            print(call, AdoptOptions.USAGE);
            return ExitCode.SUCCESS;
        }
        AdoptOptions options = AdoptOptions.parse(call);
        Home old = new Home(options.home());
        if (!QueueAdoption.isThere(new LocalDisk(), old.queue())) {
            throw new Complaint(
                    ExitCode.PERMANENT,
                    FATAL + old.path() + " is no home of qmail: there is no "
                            + old.queue().resolve("mess"));
        }
        Home ours = new Home(options.into().orElse(options.home()));
        boolean inPlace = Files.exists(ours.path()) && Files.isSameFile(ours.path(), old.path());
        check.run(call.command("check", List.of(Octets.fileName(old.path()))));
        show(call, new HomeInspection(old, ourPrograms).run());
        try (LockedFile lock = lockOf(old)) {
            if (!lock.tryLock()) {
                throw running(old);
            }
            if (options.dryRun()) {
                return rehearse(call, old);
            }
            if (inPlace) {
                // Ours is the same lock, and the queue takes it itself.
                lock.unlock();
            } else if (options.copy()) {
                copySettings(call, old, ours);
            }
            return adopt(call, old, ours);
        } catch (Complaint complaint) {
            throw complaint;
        } catch (IOException e) {
            throw new Complaint(
                    ExitCode.TEMPORARY,
                    FATAL + Errno.text(e) + " (" + e.getMessage()
                            + "); no mail is lost: mend it and run this again before you start anything");
        }
    }

    private static Complaint running(Home old) {
        return new Complaint(
                ExitCode.TEMPORARY,
                FATAL + "qmail-send (or a server of Tawny) is running on " + old.queue() + "; stop it first");
    }

    private static LockedFile lockOf(Home old) throws Complaint {
        Path mutex = old.queue().resolve("lock/sendmutex");
        try {
            return LockedFile.openToLock(mutex);
        } catch (IOException e) {
            throw new Complaint(
                    ExitCode.TEMPORARY,
                    FATAL + "unable to lock " + mutex + ": " + Errno.text(e)
                            + "; run this as root or the owner of the queue");
        }
    }

    private int rehearse(Call call, Home old) throws IOException {
        QueueAdoption.Result result = QueueAdoption.rehearse(new LocalDisk(), old.queue(), clock, reportTo(call));
        print(
                call,
                "would take " + messages(result.taken()) + " (" + result.queued() + " not preprocessed), and leave "
                        + files(result.left()) + "\n");
        return result.left() == 0 ? ExitCode.SUCCESS : ExitCode.TEMPORARY;
    }

    private int adopt(Call call, Home old, Home ours) throws IOException {
        int mask = ThisProcess.umask(MASK);
        NewOwner owner = NewOwner.of(ours);
        QueueAdoption.Result result;
        try (JournalQueue queue = open(ours, call)) {
            result = QueueAdoption.run(new LocalDisk(), old.queue(), queue.adoption(), clock, reportTo(call));
        } catch (QueueInUse inUse) {
            throw running(ours);
        } finally {
            ThisProcess.umask(mask);
            owner.give(ours.queue());
        }
        print(
                call,
                "took " + messages(result.taken()) + " (" + result.queued() + " not preprocessed)"
                        + (result.cleaned() > 0
                                ? " and removed the files of " + result.cleaned() + " that were taken before"
                                : "")
                        + "; " + files(result.left()) + " left\n");
        return result.left() == 0 ? ExitCode.SUCCESS : ExitCode.TEMPORARY;
    }

    private JournalQueue open(Home ours, Call call) throws IOException {
        return JournalQueue.open(ours.queue(), QueueOptions.DEFAULT, clock, call::complain);
    }

    private static void copySettings(Call call, Home old, Home ours) throws IOException {
        for (String name : List.of("control", "users", "alias")) {
            Path to = ours.path().resolve(name);
            Path from = old.path().resolve(name);
            if (Files.exists(to) || !Files.isDirectory(from)) {
                continue;
            }
            FolderCopy.copy(from, ours.path(), name);
            print(call, "copied " + from + " to " + to + "\n");
        }
    }

    private static void show(Call call, List<Finding> findings) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            text.append("found: ").append(finding.found()).append('\n');
            text.append("  now: ").append(finding.happens()).append('\n');
        }
        print(call, text.toString());
    }

    private QueueAdoption.Report reportTo(Call call) {
        return new QueueAdoption.Report() {

            private long next = clock.instant().getEpochSecond() + SECONDS_BETWEEN_PROGRESS;

            @Override
            public void left(String file, String why) {
                tell("left: queue/" + file + ": " + why);
            }

            @Override
            public void progress(long taken) {
                long now = clock.instant().getEpochSecond();
                if (now >= next) {
                    next = now + SECONDS_BETWEEN_PROGRESS;
                    tell(messages(taken) + " so far");
                }
            }

            // A reader of these lines who has gone must not stop the work.
            private void tell(String line) {
                Optional<IOException> lost = tryToPrint(call, line + "\n");
                lost.ifPresent(gone -> call.complain(line));
            }
        };
    }

    private static Optional<IOException> tryToPrint(Call call, String text) {
        try {
            print(call, text);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    private static String messages(long count) {
        return count + (count == 1 ? " message" : " messages");
    }

    private static String files(long count) {
        return count + (count == 1 ? " file" : " files");
    }

    private static void print(Call call, String text) throws IOException {
        OutputStream out = call.stdout();
        out.write(Octets.of(text));
        out.flush();
    }
}
