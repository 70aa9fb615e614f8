package org.tawnymail.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.process.OwnProgram;
import org.tawnymail.base.process.ProgramCommands;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.program.ProgramTable;
import org.tawnymail.local.commands.Bouncesaying;
import org.tawnymail.local.commands.Condredirect;
import org.tawnymail.local.commands.Except;
import org.tawnymail.local.commands.Forward;
import org.tawnymail.local.commands.Maildirmake;
import org.tawnymail.local.commands.Preline;
import org.tawnymail.local.commands.Qreceipt;
import org.tawnymail.local.delivery.QmailLocal;
import org.tawnymail.local.delivery.UserDelivery;
import org.tawnymail.local.mailbox.MailboxFlush;
import org.tawnymail.local.mailbox.Mailboxes;
import org.tawnymail.local.mailbox.MemoryInput;
import org.tawnymail.local.mailbox.SystemDisk;
import org.tawnymail.local.users.Replacements;
import org.tawnymail.queue.QueueClient;

/** All programs of this module put together, with a queue that only remembers. */
public final class LocalHouse implements AutoCloseable {

    /** When everything happens. */
    public static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2025-03-07T09:04:05Z"));

    /** What programs inherit. */
    public static final Environment INHERITED =
            Environment.of(Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "TZ", "UTC"));

    /** What one call of a program came to. */
    public record Result(int code, String out, String err) {}

    private final MailboxFlush flush = new MailboxFlush();
    private final Map<String, Program> programs = new HashMap<>();
    private final RecordingQueue queue = new RecordingQueue();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Home home;
    private final Commands commands;
    private final UserDelivery deliveries;

    public LocalHouse(Path directory) {
        home = new Home(directory);
        commands = new ProgramCommands(
                new ProgramTable() {
                    @Override
                    public Optional<Program> find(String name) {
                        return Optional.ofNullable(programs.get(name));
                    }

                    @Override
                    public Set<String> names() {
                        return programs.keySet();
                    }
                },
                directory.resolve("bin"));
        QueueClient client = new QueueClient(home, queue, commands);
        Mailboxes mailboxes = new Mailboxes(new SystemDisk(), flush, CLOCK, "mx.corp.example", log::add);
        deliveries = new UserDelivery(commands, client, mailboxes, CLOCK);
        programs.put("qmail-local", new QmailLocal(deliveries));
        programs.put("forward", new Forward(client));
        programs.put("condredirect", new Condredirect(commands, client));
        programs.put("bouncesaying", new Bouncesaying(commands));
        programs.put("except", new Except(commands));
        programs.put("preline", new Preline(commands));
        programs.put("maildirmake", new Maildirmake());
        programs.put("qreceipt", new Qreceipt(client));
    }

    public Home home() {
        return home;
    }

    public RecordingQueue queue() {
        return queue;
    }

    public List<String> log() {
        return log;
    }

    public UserDelivery deliveries() {
        return deliveries;
    }

    /** What stands in {@code bin} in the place of programs of ours. */
    public Replacements replacements() {
        return new Replacements(home, home.path().resolve("bin"), commands, INHERITED);
    }

    /** Another program of ours. */
    public void put(String name, Program program) {
        programs.put(name, program);
    }

    /** Runs a program of ours with a message on descriptor 0. */
    public Result run(Path directory, Environment environment, String message, String name, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Descriptors descriptors = Descriptors.none()
                .with(0, new MemoryInput(message))
                .with(1, out)
                .with(2, err);
        Call call = new Call(name, List.of(arguments), environment, descriptors, directory);
        Program program = Optional.ofNullable(programs.get(name)).orElseThrow();
        int code = OwnProgram.run(program, call);
        return new Result(code, Octets.text(out.toByteArray()), Octets.text(err.toByteArray()));
    }

    /** Makes a Maildir. */
    public static Path maildir(Path directory) throws IOException {
        for (String part : new String[] {"tmp", "new", "cur"}) {
            Files.createDirectories(directory.resolve(part));
        }
        return directory;
    }

    @Override
    public void close() {
        flush.close();
    }
}
