package org.tawnymail.proof.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Set;
import org.tawnymail.base.posix.FileSystemSync;

/**
 * The home of a server that serves {@code tawny.test}, with an address for each kind of delivery. All belong to the account
 * or mailbox {@code you}, so that one directory shows what has arrived.
 *
 * <pre>
 *   you, you-ANYTHING   Maildir                    you-mbox      mbox
 *   you-program         a program line             you-forward   forwarded to another host
 *   you-held            Maildir, once it is open   you-bounces   where bounces go
 *   unknown-ANYTHING    nobody: bounces            *@sink.test   another host
 * </pre>
 */
final class FurnishedHome {

    static final String SENDER = "you-bounces@tawny.test";
    static final String MAILDIR = "you@tawny.test";
    static final String MBOX = "you-mbox@tawny.test";
    static final String PROGRAM = "you-program@tawny.test";
    static final String FORWARD = "you-forward@tawny.test";
    static final String HELD = "you-held@tawny.test";
    static final String FAR = "@sink.test";
    private static final String FORWARDED = "forwarded" + FAR;

    private static final String WHOLE = ".whole";

    /** What a program makes of a message is its own affair; this one makes it durable. */
    private static final String PROGRAM_LINE =
            "|f=`mktemp kept/new.XXXXXXXX` && cat >$f && sync $f && mv $f $f" + WHOLE + " && sync kept";

    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private final Path home;
    private final Path mailbox;
    private final Findings findings;

    /** A home that {@code tawny serve} makes. */
    FurnishedHome(Path home, Findings findings) {
        this(home, home.resolve("mailboxes/you"), findings);
    }

    /** @param mailbox the home directory of {@code you} */
    FurnishedHome(Path home, Path mailbox, Findings findings) {
        this.home = home;
        this.mailbox = mailbox;
        this.findings = findings;
    }

    static String another(int number) {
        return "you-" + number + "@tawny.test";
    }

    static String unknown(int number) {
        return "unknown-" + number + "@tawny.test";
    }

    static String far(int number) {
        return "far-" + number + FAR;
    }

    Path path() {
        return home;
    }

    /** Furnishes a home that a first start has made; durable when it returns. */
    void furnish(int sinkPort) throws IOException {
        directory("kept");
        maildir("bounces");
        instructions("default", "./Maildir/");
        instructions("mbox", "./Mbox");
        instructions("program", PROGRAM_LINE);
        instructions("forward", "&" + FORWARDED);
        instructions("held", "|test -e open || exit 111\n./Maildir/");
        instructions("bounces", "./bounces/");
        routeTo(sinkPort);
        FileSystemSync.syncAllOf(home);
    }

    /** Where mail for {@code sink.test} goes from now on. */
    void routeTo(int sinkPort) throws IOException {
        Files.writeString(home.resolve("control/smtproutes"), "sink.test:127.0.0.1:" + sinkPort + "\n");
    }

    /** {@code .qmail-EXTENSION} of the mailbox. */
    void instructions(String extension, String lines) throws IOException {
        own(Files.writeString(mailbox.resolve(".qmail-" + extension), lines + "\n"));
    }

    /** From now on the mail for {@link #HELD} is delivered, which was put off before. */
    void open() throws IOException {
        own(Files.writeString(mailbox.resolve("open"), ""));
    }

    /** A directory of whoever the server runs as. */
    Path own(Path path) throws IOException {
        UserPrincipal owner = Files.getOwner(mailbox);
        if (!Files.getOwner(path).equals(owner)) {
            Files.setOwner(path, owner);
        }
        return path;
    }

    /** How many messages stand in the Maildir, new to its reader. */
    int delivered() throws IOException {
        try (var files = Files.list(mailbox.resolve("Maildir/new"))) {
            return (int) files.count();
        }
    }

    /** Enters everything that has arrived and takes it away; only while no server runs. */
    void collect() throws IOException {
        findings.maildir(mailbox.resolve("Maildir"));
        findings.bounces(mailbox.resolve("bounces"));
        findings.kept(mailbox.resolve("kept"), WHOLE, PROGRAM);
    }

    /** Enters what stands in the mbox, and takes it away; only while no server runs. */
    void collectMbox() throws IOException {
        findings.mbox(mailbox.resolve("Mbox"));
    }

    /** What the other host does with what it is handed. */
    void sunk(String recipient, byte[] text) {
        findings.sunk(recipient.equals(FORWARDED) ? FORWARD : recipient, text);
    }

    /** What an intruder or a defect would leave: files that were set aside because they make no sense. */
    List<Path> setAside() throws IOException {
        Path damaged = home.resolve("queue/damaged");
        if (Files.notExists(damaged)) {
            return List.of();
        }
        try (var files = Files.list(damaged)) {
            return files.toList();
        }
    }

    private void maildir(String name) throws IOException {
        for (String part : List.of("", "/tmp", "/new", "/cur")) {
            directory(name + part);
        }
    }

    private void directory(String name) throws IOException {
        own(Files.createDirectory(mailbox.resolve(name), PosixFilePermissions.asFileAttribute(PRIVATE)));
    }
}
