package org.tawnymail.local.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Complaint;

/** One mbox, several programs: others lock it, append to it, and replace it. */
@Timeout(60)
class SharedMboxTest {

    private static final String HEAD = "From pat@far.test Fri Mar 07 09:04:05 2025\nReturn-Path: <pat@far.test>\n";

    @TempDir
    private Path directory;

    private final List<String> log = new ArrayList<>();
    private final MailboxFlush flush = new MailboxFlush();
    private Path box;

    @BeforeEach
    void nameIt() {
        box = directory.resolve("Mailbox");
    }

    @AfterEach
    void letGo() {
        flush.close();
    }

    @Test
    void aDeliveryWaitsForAnotherProgramsLockAndThenSucceeds() throws Exception {
        Files.writeString(box, "theirs\n\n");
        CountingDisk disk = new CountingDisk(new SystemDisk());
        Process holder = holdLock();
        Thread delivery = Thread.startVirtualThread(() -> deliver(disk, "x\n"));
        disk.awaitLockAttempts(3);
        assertThat(delivery.isAlive()).isTrue();
        assertThat(Files.readString(box)).isEqualTo("theirs\n\n");
        letGo(holder);
        delivery.join();
        assertThat(Files.readString(box)).isEqualTo("theirs\n\n" + HEAD + "x\n\n");
    }

    @Test
    void whileWeWriteAnotherProgramDoesNotGetTheLock() throws Exception {
        List<Integer> answers = new ArrayList<>();
        CountingDisk disk = new CountingDisk(new SystemDisk()) {
            @Override
            void beforeWrite() throws IOException {
                answers.add(tryLockOutside());
            }
        };
        deliver(disk, "x\n");
        assertThat(answers).isNotEmpty().containsOnly(1);
        assertThat(tryLockOutside()).isZero();
    }

    @Test
    void whatAnotherProgramAppendsUnderItsLockAndWhatWeDeliverAreNeverMixed() throws Exception {
        Process other =
                new ProcessBuilder("sh", "-c", """
                        for i in 1 2 3 4 5 6 7 8 9 10; do
                          flock -x "$0" sh -c 'printf "From them x\\n\\n" >>"$0"; \
                            for n in 1 2 3 4 5 6 7 8; do printf "theirs\\n" >>"$0"; done; printf "\\n" >>"$0"' "$0" || exit 1
                        done
                        """, box.toString()).inheritIO().start();
        int ours = 0;
        while (other.isAlive() || ours < 5) {
            deliver(new SystemDisk(), "ours\n".repeat(5_000));
            ours++;
        }
        assertThat(other.waitFor()).isZero();
        String[] messages = Files.readString(box).split("(?m)^From ");
        assertThat(messages).hasSize(1 + 10 + ours);
        for (int i = 1; i < messages.length; i++) {
            boolean theirs = messages[i].startsWith("them x");
            String whole = theirs
                    ? "them x\n\n" + "theirs\n".repeat(8) + "\n"
                    : HEAD.substring("From ".length()) + "ours\n".repeat(5_000) + "\n";
            assertThat(messages[i]).isEqualTo(whole);
        }
    }

    @Test
    void mailGoesToTheFileThatHasTakenThePlaceOfTheOneItWaitedFor() throws Exception {
        Files.writeString(box, "old\n\n");
        CountingDisk disk = new CountingDisk(new SystemDisk());
        Process holder = holdLock();
        Thread delivery = Thread.startVirtualThread(() -> deliver(disk, "x\n"));
        disk.awaitLockAttempts(2);
        Path successor = Files.writeString(directory.resolve("Mailbox.tmp"), "old\n\nmoved\n\n");
        Files.move(successor, box, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        letGo(holder);
        delivery.join();
        assertThat(Files.readString(box)).isEqualTo("old\n\nmoved\n\n" + HEAD + "x\n\n");
    }

    @Test
    void bytesAreBytesNulsAndAllInAnMbox() throws IOException {
        StringBuilder all = new StringBuilder("Subject: \u00e9\n\n");
        for (char c = 0; c < 256; c++) {
            all.append(c);
        }
        deliver(new SystemDisk(), all + "\r\nFrom \0\n\0From \nno end");
        assertThat(Octets.text(Files.readAllBytes(box))).isEqualTo(HEAD + all + "\r\n>From \0\n\0From \nno end\n\n");
    }

    @Test
    void aDiskThatFillsUpLeavesTheMailboxAsItWas() throws IOException {
        Files.writeString(box, "theirs\n\n");
        for (int room : new int[] {0, 1, 3}) {
            CountingDisk full = new CountingDisk(new SystemDisk()) {
                private int writes;

                @Override
                void beforeWrite() throws IOException {
                    if (writes++ == room) {
                        throw new IOException("No space left on device");
                    }
                }
            };
            assertThatThrownBy(() -> tryToDeliver(full, "x".repeat(100_000)))
                    .isInstanceOf(Complaint.class)
                    .hasMessage("Unable to write Mailbox: out of disk space. (#4.3.0)");
            assertThat(Files.readString(box)).isEqualTo("theirs\n\n");
        }
    }

    @Test
    void withoutALockNothingIsCutBackForItMightBeAnothersMail() throws IOException {
        CountingDisk broken = new CountingDisk(new SystemDisk()) {
            private int writes;

            @Override
            void beforeLock() throws IOException {
                throw new IOException("No locks available");
            }

            @Override
            void beforeWrite() throws IOException {
                if (writes++ == 1) {
                    throw new IOException("No space left on device");
                }
            }
        };
        assertThatThrownBy(() -> tryToDeliver(broken, "x".repeat(100_000))).isInstanceOf(Complaint.class);
        assertThat(Files.size(box)).isPositive();
        assertThat(log).containsExactly("warning: mbox Mailbox is written without a lock: no locks available");
    }

    @Test
    void theNameOfAnMboxIsForcedWithEveryMessageForWhoMadeItMayHaveBeenKilledBefore() throws IOException {
        Files.writeString(box, "theirs\n\n");
        CountingDisk disk = new CountingDisk(new SystemDisk());
        deliver(disk, "x\n");
        assertThat(disk.forced()).containsExactly("Mailbox", String.valueOf(directory.getFileName()));
    }

    @Test
    void anMboxWhoseEndCannotBeReadTakesNoMailForItMightHangOnAPieceOfAnother() throws IOException {
        Files.writeString(box, "From torn");
        CountingDisk broken = new CountingDisk(new SystemDisk()) {
            @Override
            void beforeRead() throws IOException {
                throw new IOException("Input/output error");
            }
        };
        assertThatThrownBy(() -> tryToDeliver(broken, "x\n"))
                .isInstanceOf(Complaint.class)
                .hasMessage("Unable to write Mailbox: input/output error. (#4.3.0)");
        assertThat(box).hasContent("From torn");
    }

    private Process holdLock() throws IOException {
        Process holder = new ProcessBuilder("flock", "-x", box.toString(), "-c", "echo locked; read line")
                .redirectErrorStream(true)
                .start();
        assertThat((char) holder.getInputStream().read()).isEqualTo('l');
        return holder;
    }

    private static void letGo(Process holder) throws Exception {
        holder.getOutputStream().close();
        assertThat(holder.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    /** 1 if another process cannot have the lock just now, 0 if it can. */
    private int tryLockOutside() throws IOException {
        try {
            return new ProcessBuilder("flock", "-n", "-x", box.toString(), "true")
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void deliver(MailboxDisk disk, String text) {
        try {
            tryToDeliver(disk, text);
        } catch (Complaint e) {
            throw new AssertionError(e);
        }
    }

    private void tryToDeliver(MailboxDisk disk, String text) throws Complaint {
        Mbox mbox = new Mbox(disk, flush, MailboxLock.OF_DELIVERY, log::add);
        mbox.deliver("Mailbox", box, Octets.of(HEAD), MemoryInput.bytes(text));
    }
}
