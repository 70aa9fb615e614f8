package org.tawnymail.proof;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.tawnymail.base.Octets;
import org.tawnymail.proof.disk.DiskChange;

/**
 * The queue that an old qmail has left, in the directory that is ours now: messages that it had accepted and not preprocessed,
 * and messages of which some recipients are done and some have failed.
 */
final class OldMail {

    private static final List<String> DIRECTORIES =
            List.of("mess", "todo", "intd", "info", "local", "remote", "bounce");

    private final List<DiskChange> changes = new ArrayList<>();
    private final List<Letter> letters = new ArrayList<>();
    private int files;

    /** Letters from number 0 on. */
    OldMail(RandomGenerator random) {
        for (String name : DIRECTORIES) {
            changes.add(new DiskChange.MakeDirectory(Scenario.QUEUE.resolve(name)));
        }
        int count = random.nextInt(2, 6);
        for (int i = 0; i < count; i++) {
            long inode = 100_000 + i * 37L;
            if (random.nextBoolean()) {
                queued(i, inode);
            } else {
                preprocessed(i, inode);
            }
        }
        changes.add(new DiskChange.ForceFileSystem());
    }

    /** What lays it down, durably. */
    List<DiskChange> changes() {
        return changes;
    }

    /** With those recipients who have not got it, or of whose failure the sender has not heard. */
    List<Letter> letters() {
        return letters;
    }

    private Letter letter(int number, List<String> recipients) {
        Letter letter = Letter.of(number, "ann@here", recipients, 300 + 900 * (number % 3));
        letters.add(letter);
        return letter;
    }

    private void message(long inode, Letter letter) {
        file("mess/" + inode, "Received: (qmail 77 invoked by uid 7); 7 Mar 2025 08:00:00 -0000\n" + letter.text());
    }

    private void queued(int number, long inode) {
        Letter letter = letter(number, List.of("ann-0@here", "mbox-1@here", "far-2@there"));
        message(inode, letter);
        file("todo/" + inode, "u7\0p44\0Fann@here\0Tann-0@here\0Tmbox-1@here\0Tfar-2@there\0");
    }

    private void preprocessed(int number, long inode) {
        Letter letter = letter(number, List.of("bob-1@here", "nobody-2@here", "busy-4@there"));
        message(inode, letter);
        file("info/" + inode, "Fann@here\0");
        file("local/" + inode, "Dann-0@here\0Tbob-1@here\0Dnobody-2@here\0");
        file("remote/" + inode, "Dfar-3@there\0Tbusy-4@there\0");
        file("bounce/" + inode, "<nobody-2@here>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n");
    }

    private void file(String name, String text) {
        Path path = Scenario.QUEUE.resolve(name);
        files++;
        changes.add(new DiskChange.Create(path, files));
        changes.add(new DiskChange.Write(files, 0, Octets.of(text)));
    }
}
