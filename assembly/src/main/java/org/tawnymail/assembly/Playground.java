package org.tawnymail.assembly;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.ControlFile;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Account;
import org.tawnymail.base.posix.FileSystemSync;
import org.tawnymail.base.process.OwnProgram;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.pickup.login.MailboxAccounts;

/**
 * Makes the home directory of a server that has none yet: control files, the alias account, and one mailbox with a random
 * password, of which only a hash is kept.
 *
 * <p>The control file {@code me} is written last: a home without it is unfinished and is made again, which changes nothing
 * that a person has put there. All else is durable before it is written, and it is durable before the server accepts mail.
 *
 * <pre>
 *   control/      me, locals, rcpthosts, ... and the rules of who may relay
 *   alias/        .qmail-postmaster, .qmail-mailer-daemon, .qmail-root
 *   users/        assign, cdb (who owns which address), mailboxes (who may read what)
 *   mailboxes/    one home directory a mailbox, each with a Maildir
 *   queue/        the journal
 * </pre>
 */
final class Playground {

    /** What the first run prints, and nobody can print again. */
    record FirstMailbox(String address, String password) {}

    private static final Set<String> OUR_NAMES =
            Set.of("control", "alias", "users", "mailboxes", "queue", "lost+found");

    /** No letters or digits that look like others. */
    private static final String PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

    /** 16 of 32 letters: 80 bits. */
    private static final int PASSWORD_LENGTH = 16;

    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private final Home home;
    private final Programs programs;

    Playground(Home home, Programs programs) {
        this.home = home;
        this.programs = programs;
    }

    /** Whether the home was never finished. One that has a queue was; if it has lost its {@code me}, a person must say so. */
    boolean isNeeded() {
        return Files.notExists(home.controls().file(ControlFile.ME))
                && Files.notExists(home.queue().resolve("journal"));
    }

    /**
     * Makes the home.
     *
     * @param owner the account that everything belongs to: the one this process runs as
     * @throws Complaint if the directory holds something that is not ours
     */
    FirstMailbox make(Account owner, String domain, String mailbox) throws IOException {
        refuseForeignDirectory();
        Path root = home.path();
        if (root.toString().indexOf(':') >= 0 || root.toString().indexOf('\n') >= 0) {
            throw new Complaint(
                    ExitCode.PERMANENT,
                    "tawny: fatal: " + root + " has a colon in its name, which users/assign cannot hold; choose another"
                            + " with --home");
        }
        for (String folder : List.of("control", "alias", "users", "mailboxes")) {
            Files.createDirectories(root.resolve(folder));
        }
        privateDirectory(home.queue());
        String address = mailbox + "@" + domain;
        Path directory = root.resolve("mailboxes").resolve(mailbox);
        privateDirectory(directory);
        maildir(directory.resolve("Maildir"));
        maildir(root.resolve("alias/Maildir"));
        for (String name : List.of("postmaster", "mailer-daemon", "root")) {
            writeNew(root.resolve("alias/.qmail-" + name), "&" + address + "\n");
        }
        assign(owner, mailbox, directory);
        String password = randomPassword();
        account(address, password, directory);
        controls(domain);
        return new FirstMailbox(address, password);
    }

    /** An account that an unfinished first run has left gets a new password, because nobody saw the old one. */
    private void account(String address, String password, Path directory) throws IOException {
        MailboxAccounts accounts = programs.mailboxAccounts();
        try {
            if (Files.exists(accounts.file())) {
                accounts.setPassword(address, password);
            } else {
                accounts.add(address, password, Octets.fileName(directory));
            }
        } catch (MailboxAccounts.NotPossible e) {
            throw new Complaint(ExitCode.PERMANENT, "tawny: fatal: " + accounts.file() + ": " + e.why());
        }
    }

    private void refuseForeignDirectory() throws IOException {
        try (Stream<Path> entries = Files.list(home.path())) {
            for (Path entry : entries.toList()) {
                if (!OUR_NAMES.contains(entry.getFileName().toString())) {
                    throw new Complaint(
                            ExitCode.PERMANENT,
                            "tawny: fatal: " + home.path() + " is not a home (no control/me) and not empty ("
                                    + entry.getFileName() + "); choose another folder with --home");
                }
            }
        }
    }

    private void assign(Account owner, String mailbox, Path directory) throws IOException {
        String ids = ":" + owner.name() + ":" + owner.uid() + ":" + owner.gid() + ":";
        String alias = Octets.fileName(home.path().resolve("alias"));
        String place = Octets.fileName(directory);
        writeNew(
                home.users().resolve("assign"),
                "=" + mailbox + ids + place + ":::\n"
                        + "+" + mailbox + "-" + ids + place + ":-::\n"
                        + "+" + ids + alias + ":-::\n"
                        + ".\n");
        run("qmail-newu", List.of(), "");
    }

    private void controls(String domain) throws IOException {
        write(ControlFile.LOCALS, domain + "\nlocalhost\n");
        write(ControlFile.RCPTHOSTS, domain + "\nlocalhost\n");
        write(ControlFile.DEFAULTDELIVERY, "./Maildir/\n");
        // One process and threads instead of a fork a delivery: many at once cost little, and share disk flushes.
        write(ControlFile.CONCURRENCYLOCAL, "120\n");
        write(ControlFile.CONCURRENCYREMOTE, "120\n");
        // Only programs of this machine may relay.
        write(ControlFile.TCP_SMTP, "127.:allow,RELAYCLIENT=\"\"\n[::1]:allow,RELAYCLIENT=\"\"\n:allow\n");
        run(
                "tcprules",
                List.of(
                        Octets.fileName(home.controls().file(ControlFile.TCP_SMTP_CDB)),
                        Octets.fileName(home.controls().directory().resolve("tcp.smtp.tmp"))),
                Files.readString(home.controls().file(ControlFile.TCP_SMTP), ISO_8859_1));
        // A loss of power must not leave a home that counts as made and has lost what is in it.
        FileSystemSync.syncAllOf(home.path());
        write(ControlFile.ME, domain + "\n");
        FileSystemSync.syncAllOf(home.path());
    }

    /**
     * Runs a program of ours that must succeed.
     *
     * @throws Complaint with what it said, if it fails
     */
    private void run(String name, List<String> arguments, String input) throws IOException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Descriptors descriptors = Descriptors.none()
                .with(0, new ByteArrayInputStream(Octets.of(input)))
                .with(1, said)
                .with(2, said);
        Environment environment = Environment.empty().with(Home.VARIABLE, Octets.fileName(home.path()));
        Call call = new Call(name, arguments, environment, descriptors, home.path());
        int code = OwnProgram.run(programs.find(name).orElseThrow(), call);
        if (code != ExitCode.SUCCESS) {
            throw new Complaint(code, said.toString(ISO_8859_1).strip());
        }
    }

    private void write(ControlFile file, String content) throws IOException {
        writeNew(home.controls().file(file), content);
    }

    /** What is there already was put there by a person, or by an earlier try of ours, and stays. */
    private static void writeNew(Path file, String content) throws IOException {
        if (!Files.exists(file)) {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(fresh, content, ISO_8859_1);
            Files.move(fresh, file);
        }
    }

    private static void maildir(Path directory) throws IOException {
        for (String folder : List.of("", "tmp", "new", "cur")) {
            privateDirectory(directory.resolve(folder));
        }
    }

    private static void privateDirectory(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
        }
    }

    private static String randomPassword() {
        SecureRandom random = new SecureRandom();
        StringBuilder password = new StringBuilder(PASSWORD_LENGTH);
        for (int i = 0; i < PASSWORD_LENGTH; i++) {
            password.append(PASSWORD_LETTERS.charAt(random.nextInt(PASSWORD_LETTERS.length())));
        }
        return password.toString();
    }
}
