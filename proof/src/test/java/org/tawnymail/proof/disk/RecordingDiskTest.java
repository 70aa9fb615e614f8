package org.tawnymail.proof.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;
import org.tawnymail.local.mailbox.MailboxDisk;
import org.tawnymail.queue.disk.DiskFile;

/** The simulated disk as programs see it, and how it fails. */
class RecordingDiskTest {

    private static final Path HOME = Path.of("/home");
    private static final Path QUEUE = HOME.resolve("queue");
    private static final Path USERS = HOME.resolve("users");
    private static final Path FILE = QUEUE.resolve("file");
    private static final RecordingDisk.Layout LAYOUT = new RecordingDisk.Layout(QUEUE, USERS);

    private static RecordingDisk disk(Fault... faults) {
        RecordingDisk disk =
                new RecordingDisk(DiskState.of(List.of(HOME, QUEUE, USERS)), LAYOUT, List.of(faults), Set.of());
        disk.beginStart();
        return disk;
    }

    private static Fault once(Fault.Kind kind) {
        return new Fault(kind, HOME, 1, 0, 1);
    }

    private static void write(DiskFile file, String text) throws IOException {
        file.write(ByteBuffer.wrap(Octets.of(text)), 0);
    }

    @Test
    void everyChangeIsWrittenDownInItsOrder() throws IOException {
        RecordingDisk disk = disk();
        DiskOfProcess process = disk.process();
        try (DiskFile file = process.create(FILE)) {
            write(file, "abc");
            file.force();
        }
        process.rename(FILE, QUEUE.resolve("other"));
        process.forceDirectory(QUEUE);
        assertThat(disk.changes())
                .extracting(change -> change.getClass().getSimpleName())
                .containsExactly("Create", "Write", "Force", "Rename", "ForceDirectory");
        assertThat(disk.operations()).isEqualTo(5);
    }

    @Test
    void aDirectoryIsMadeDurably() throws IOException {
        RecordingDisk disk = disk();
        disk.process().makeDirectory(QUEUE.resolve("journal"));
        disk.process().makeDirectory(QUEUE.resolve("journal"));
        assertThat(disk.changes())
                .as("whoever made it may have been killed before the force")
                .containsExactly(
                        new DiskChange.MakeDirectory(QUEUE.resolve("journal")),
                        new DiskChange.ForceDirectory(QUEUE),
                        new DiskChange.ForceDirectory(QUEUE));
        assertThatThrownBy(() -> disk.process().create(QUEUE.resolve("none/file")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aShortWriteLeavesHalfAndAWriteThatFailsNothing() throws IOException {
        RecordingDisk disk = disk(once(Fault.Kind.SHORT_WRITE));
        DiskFile file = disk.process().create(FILE);
        assertThatThrownBy(() -> write(file, "abcd")).hasMessage("Input/output error");
        assertThat(file.size()).isEqualTo(2);
        write(file, "abcd");
        assertThat(file.size()).isEqualTo(4);
        DiskFile other = disk(once(Fault.Kind.WRITE)).process().create(FILE);
        assertThatThrownBy(() -> write(other, "abcd")).hasMessage("Input/output error");
        assertThat(other.size()).isZero();
    }

    @Test
    void aFullDiskTakesNothingNewAndLetsOldBytesBeWrittenOver() throws IOException {
        RecordingDisk disk = disk(new Fault(Fault.Kind.FULL, HOME, 1, 2, 1000));
        DiskOfProcess process = disk.process();
        DiskFile file = process.create(FILE);
        write(file, "abcd");
        write(file, "efgh");
        assertThatThrownBy(() -> write(file, "ijklm")).hasMessage("No space left on device");
        assertThat(Octets.text(disk.state().bytes(FILE)))
                .as("what fits is written")
                .isEqualTo("ijkl");
        assertThatThrownBy(() -> process.create(QUEUE.resolve("more"))).hasMessage("No space left on device");
        assertThatThrownBy(() -> process.mailboxes().append(USERS.resolve("mbox")))
                .hasMessage("No space left on device");
        assertThat(process.room(QUEUE)).isZero();
        assertThat(disk.hits())
                .containsExactlyInAnyOrder(
                        new RecordingDisk.Hit(Fault.Kind.FULL, false), new RecordingDisk.Hit(Fault.Kind.FULL, true));
        disk.mend();
        write(file, "ijklm");
    }

    @Test
    void aFailedFlushOfTheFileSystemIsToldOnceToEachOpenFileThatHasLostBytes() throws IOException {
        RecordingDisk disk = disk(once(Fault.Kind.FILE_SYSTEM_FORCE));
        DiskOfProcess process = disk.process();
        DiskFile file = process.create(FILE);
        write(file, "abc");
        MailboxDisk.Directory directory = process.mailboxes().open(USERS);
        assertThatThrownBy(directory::forceFileSystem).hasMessage("Input/output error");
        assertThatThrownBy(file::force).hasMessage("Input/output error");
        file.force();
    }

    @Test
    void aFailedForceOfAFileIsToldToWhoeverFlushesTheFileSystemNext() throws IOException {
        RecordingDisk disk = disk(once(Fault.Kind.FORCE));
        DiskOfProcess process = disk.process();
        MailboxDisk.Directory before = process.mailboxes().open(USERS);
        DiskFile file = process.create(FILE);
        write(file, "abc");
        assertThatThrownBy(file::force).hasMessage("Input/output error");
        MailboxDisk.Directory after = process.mailboxes().open(USERS);
        after.forceFileSystem();
        assertThatThrownBy(before::forceFileSystem).hasMessage("Input/output error");
        before.forceFileSystem();
    }

    @Test
    void aKilledProcessLeavesWhatItHasWrittenAndDoesNoMore() throws IOException {
        RecordingDisk disk = disk();
        DiskOfProcess process = disk.process();
        DiskFile file = process.create(FILE);
        assertThat(process.lock(QUEUE.resolve("lock"))).isPresent();
        assertThat(disk.process().lock(QUEUE.resolve("lock"))).isEmpty();
        process.killAfter(QUEUE, 1);
        write(file, "abc");
        assertThatThrownBy(() -> write(file, "xyz")).hasMessage("this process has been killed");
        assertThatThrownBy(file::force).hasMessage("this process has been killed");
        assertThat(process.isKilled()).isTrue();
        DiskOfProcess next = disk.process();
        assertThat(next.lock(QUEUE.resolve("lock"))).as("its locks are free").isPresent();
        assertThat(Octets.text(next.input(FILE).readAllBytes())).isEqualTo("abc");
    }

    @Test
    void aLieIsToldAndNotWrittenDown() throws IOException {
        RecordingDisk disk = new RecordingDisk(
                DiskState.of(List.of(HOME, QUEUE, QUEUE.resolve("journal"), USERS)),
                LAYOUT,
                List.of(),
                Set.of(Lie.JOURNAL_FORCE));
        try (DiskFile file = disk.process().create(QUEUE.resolve("journal/0000000001"))) {
            write(file, "abc");
            file.force();
        }
        assertThat(disk.changes()).noneMatch(DiskChange.Force.class::isInstance);
    }
}
