package org.tawnymail.queue.door;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.queue.CollectingQueue;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.disk.LocalDisk;

@Timeout(30)
class QueueDoorTest {

    @TempDir
    private Path directory;

    private Path queue = Path.of("/nowhere");
    private final CollectingQueue inside = new CollectingQueue();
    private final List<String> log = new CopyOnWriteArrayList<>();

    @BeforeEach
    void make() throws IOException {
        queue = Files.createDirectories(directory.resolve("queue"));
    }

    private QueueSocketServer serve(QueueSocketServer.Access access) throws IOException {
        return QueueSocketServer.open(queue, inside::begin, access, InstantSource.system(), log::add);
    }

    private static QueueResult submit(QueuePort port, String text, String sender, Iterable<String> recipients) {
        try (Submission submission = port.begin(Origin.NETWORK)) {
            submission.message().write(Octets.of(text));
            return submission.commit(sender, recipients);
        } catch (IOException e) {
            throw new AssertionError("writes to a submission never fail", e);
        }
    }

    private void awaitAccepted(int count) throws InterruptedException {
        await(() -> inside.accepted().size() >= count);
    }

    private static void await(BooleanSupplier happened) throws InterruptedException {
        while (!happened.getAsBoolean()) {
            Thread.sleep(5);
        }
    }

    @Test
    void mailGoesThroughTheSocketAndTheUidIsTheSystems() throws IOException {
        try (QueueSocketServer server = serve(QueueSocketServer.Access.OWNER)) {
            assertThat(submit(new QueueDoor(queue), "Subject: x\n\nhi\n", "joe", List.of("ann", "bob")))
                    .isEqualTo(new QueueResult.Accepted(4711));
            assertThat(server).isNotNull();
        }
        assertThat(inside.accepted())
                .containsExactly(new CollectingQueue.Accepted(
                        ThisProcess.uid(), Origin.USER, "Subject: x\n\nhi\n", "joe", List.of("ann", "bob")));
        assertThat(log).isEmpty();
    }

    @Test
    void aLargeMessageToManyIsStreamed() throws IOException {
        String text = "0123456789abcde\n".repeat(100_000);
        List<String> recipients =
                IntStream.range(0, 50_000).mapToObj(i -> "r" + i + "@x").toList();
        try (QueueSocketServer server = serve(QueueSocketServer.Access.OWNER)) {
            assertThat(submit(new SocketQueue(queue), text, "", recipients)).isInstanceOf(QueueResult.Accepted.class);
            assertThat(server).isNotNull();
        }
        assertThat(inside.accepted().getFirst().text()).isEqualTo(text);
        assertThat(inside.accepted().getFirst().recipients()).isEqualTo(recipients);
    }

    @Test
    void theAnswerOfTheQueueReachesTheClient() throws IOException {
        QueueResult full = new QueueResult.Refused(false, "qq write error or disk full (#4.3.0)");
        inside.answer(full);
        try (QueueSocketServer server = serve(QueueSocketServer.Access.OWNER)) {
            assertThat(submit(new QueueDoor(queue), "x", "", List.of())).isEqualTo(full);
            inside.answer(new QueueResult.Refused(true, "never (#5.0.0)"));
            assertThat(submit(new QueueDoor(queue), "x", "", List.of()))
                    .isEqualTo(new QueueResult.Refused(true, "never (#5.0.0)"));
            assertThat(server).isNotNull();
        }
        assertThat(queue.resolve("drop")).isEmptyDirectory();
    }

    @Test
    void anAddressThatIsTooLongIsRefusedForGood() throws IOException {
        try (QueueSocketServer server = serve(QueueSocketServer.Access.OWNER)) {
            assertThat(submit(new QueueDoor(queue), "x", "", List.of("a".repeat(1002))))
                    .isInstanceOf(QueueResult.Accepted.class);
            assertThat(submit(new QueueDoor(queue), "x", "", List.of("a".repeat(1003))))
                    .isEqualTo(new QueueResult.Refused(true, "envelope address too long for qq (#5.1.3)"));
            assertThat(server).isNotNull();
        }
        assertThat(inside.accepted()).hasSize(1);
    }

    @Test
    void withoutAnOwnerMailWaitsInTheDropDirectoryAndIsTakenInOnce() throws Exception {
        serve(QueueSocketServer.Access.OWNER).close();
        QueuePort door = new QueueDoor(queue);
        assertThat(submit(door, "one\n", "joe", List.of("ann"))).isInstanceOf(QueueResult.Accepted.class);
        assertThat(submit(door, "two\n".repeat(50_000), "", List.of("bob"))).isInstanceOf(QueueResult.Accepted.class);
        try (Submission abandoned = door.begin(Origin.USER)) {
            abandoned.message().write(new byte[200_000]);
        }
        assertThat(inside.accepted()).isEmpty();
        try (QueueSocketServer server = serve(QueueSocketServer.Access.OWNER)) {
            awaitAccepted(2);
            assertThat(server).isNotNull();
        }
        serve(QueueSocketServer.Access.OWNER).close();
        assertThat(inside.accepted())
                .extracting(CollectingQueue.Accepted::sender)
                .containsExactlyInAnyOrder("joe", "");
        assertThat(inside.accepted()).allSatisfy(one -> assertThat(one.uid()).isEqualTo(ThisProcess.uid()));
        assertThat(queue.resolve("drop")).isEmptyDirectory();
        assertThat(queue.resolve("intake")).isEmptyDirectory();
        assertThat(log).isEmpty();
    }

    @Test
    void aSocketThatNobodyListensOnIsNoOwner() throws IOException {
        serve(QueueSocketServer.Access.OWNER).close();
        try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(queue.resolve("socket")));
        }
        assertThat(submit(new QueueDoor(queue), "x", "", List.of("a"))).isInstanceOf(QueueResult.Accepted.class);
        assertThat(inside.accepted()).isEmpty();
        try (Stream<Path> dropped = Files.list(queue.resolve("drop"))) {
            assertThat(dropped).hasSize(1);
        }
    }

    @Test
    void whatIsNoSubmissionIsSetAsideWithOneLine() throws Exception {
        serve(QueueSocketServer.Access.OWNER).close();
        Files.writeString(queue.resolve("drop/garbage"), "From joe\n", ISO_8859_1);
        Files.write(queue.resolve("drop/torn"), Octets.of("TAWNYS1\n\0\0\0\1x\0\0\0\0Fjoe\0Tann\0"));
        Files.createSymbolicLink(queue.resolve("drop/link"), queue.resolve("drop/garbage"));
        assertThat(submit(new QueueDoor(queue), "good", "", List.of("a"))).isInstanceOf(QueueResult.Accepted.class);
        try (QueueSocketServer server = serve(QueueSocketServer.Access.OWNER)) {
            awaitAccepted(1);
            while (log.size() < 3) {
                Thread.sleep(5);
            }
            assertThat(server).isNotNull();
        }
        assertThat(inside.accepted()).hasSize(1);
        assertThat(log).hasSize(3).allSatisfy(line -> assertThat(line).contains("is no submission and is kept as"));
        assertThat(queue.resolve("damaged/drop.garbage")).hasContent("From joe\n");
        assertThat(queue.resolve("damaged/drop.torn")).exists();
        assertThat(queue.resolve("drop")).isEmptyDirectory();
    }

    @Test
    void aFileThatCannotBeTakenInKeepsNoOtherOut() throws Exception {
        serve(QueueSocketServer.Access.OWNER).close();
        Files.writeString(queue.resolve("drop/garbage"), "From joe\n", ISO_8859_1);
        Files.createDirectories(queue.resolve("damaged/drop.garbage/in-the-way"));
        for (int i = 0; i < 5; i++) {
            submit(new QueueDoor(queue), "good", "", List.of("a"));
        }
        try (QueueSocketServer server = serve(QueueSocketServer.Access.OWNER)) {
            awaitAccepted(5);
            await(() -> !log.isEmpty());
            assertThat(server).isNotNull();
        }
        assertThat(queue.resolve("intake/garbage")).hasContent("From joe\n");
        assertThat(log)
                .singleElement()
                .asString()
                .contains("unable to take in mail from " + queue.resolve("intake/garbage"));
    }

    @Test
    void droppedMailCanBeReadByTheOwnerOfTheQueueWhateverTheMaskOfItsSender() throws Exception {
        serve(QueueSocketServer.Access.EVERYBODY).close();
        int mask = ThisProcess.umask(0077);
        try {
            assertThat(submit(new QueueDoor(queue), "x", "", List.of("a"))).isInstanceOf(QueueResult.Accepted.class);
        } finally {
            ThisProcess.umask(mask);
        }
        try (Stream<Path> dropped = Files.list(queue.resolve("drop"))) {
            assertThat(dropped)
                    .singleElement()
                    .satisfies(file -> assertThat(Files.getPosixFilePermissions(file))
                            .isEqualTo(PosixFilePermissions.fromString("rw-r--r--")));
        }
    }

    @Test
    void droppedMailThatCannotBeReadIsSetAsideAndHoldsUpNoOther() throws Exception {
        assumeTrue(ThisProcess.uid() != 0, "root can read everything");
        serve(QueueSocketServer.Access.OWNER).close();
        submit(new QueueDoor(queue), "x", "one", List.of("a"));
        try (Stream<Path> dropped = Files.list(queue.resolve("drop"))) {
            for (Path file : dropped.toList()) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-w-------"));
            }
        }
        submit(new QueueDoor(queue), "x", "two", List.of("a"));
        try (QueueSocketServer server = serve(QueueSocketServer.Access.OWNER)) {
            awaitAccepted(1);
            while (log.isEmpty()) {
                Thread.sleep(5);
            }
            assertThat(server).isNotNull();
        }
        assertThat(log).singleElement().asString().contains("damaged/drop.").endsWith(": access denied");
        assertThat(queue.resolve("damaged")).isNotEmptyDirectory();
    }

    @Test
    void aSocketThatCannotBeRemovedDoesNotKeepTheServerFromClosing() throws Exception {
        QueueSocketServer server = serve(QueueSocketServer.Access.OWNER);
        Path socket = SocketPath.file(queue);
        Files.delete(socket);
        Files.createDirectories(socket.resolve("in the way"));
        server.close();
        assertThat(log).singleElement().asString().startsWith("queue: unable to remove " + socket);
    }

    @Test
    void whatIsRefusedForNowStaysInTheDropDirectory() throws Exception {
        serve(QueueSocketServer.Access.OWNER).close();
        submit(new QueueDoor(queue), "x", "", List.of("a"));
        inside.answer(new QueueResult.Refused(false, "qq write error or disk full (#4.3.0)"));
        serve(QueueSocketServer.Access.OWNER).close();
        assertThat(DropDirectory.waiting(new LocalDisk(), queue)).isEqualTo(1);
        inside.answer(new QueueResult.Accepted(1));
        try (QueueSocketServer server = serve(QueueSocketServer.Access.OWNER)) {
            awaitAccepted(1);
            assertThat(server).isNotNull();
        }
    }

    @Test
    void whoIsSubmittingWhenTheOwnerEndsIsAnsweredAndWhoComesThenFindsTheDropDirectory() throws Exception {
        QueueSocketServer server = serve(QueueSocketServer.Access.OWNER);
        try (SocketChannel early = SocketChannel.open(UnixDomainSocketAddress.of(queue.resolve("socket")))) {
            early.write(ByteBuffer.wrap(Octets.of("TAWNYS1\n\0\0\0\3hi\n")));
            Thread end = Thread.ofPlatform().start(() -> {
                try {
                    server.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            while (Files.exists(queue.resolve("socket"))) {
                Thread.sleep(5);
            }
            assertThat(submit(new QueueDoor(queue), "late", "", List.of("b"))).isInstanceOf(QueueResult.Accepted.class);
            early.write(ByteBuffer.wrap(Octets.of("\0\0\0\0Fjoe\0Tann\0\0")));
            assertThat(Octets.text(Channels.newInputStream(early).readAllBytes()))
                    .isEqualTo("K4711\n");
            end.join();
        }
        assertThat(inside.accepted())
                .extracting(CollectingQueue.Accepted::sender)
                .containsExactly("joe");
        assertThat(DropDirectory.waiting(new LocalDisk(), queue)).isEqualTo(1);
        assertThat(log).isEmpty();
    }

    @Test
    void garbageOnTheSocketIsAnsweredAndLogged() throws IOException {
        try (QueueSocketServer server = serve(QueueSocketServer.Access.OWNER);
                SocketChannel raw = SocketChannel.open(UnixDomainSocketAddress.of(queue.resolve("socket")))) {
            raw.write(ByteBuffer.wrap(Octets.of("HELO there, I am no submission\n")));
            raw.shutdownOutput();
            assertThat(Octets.text(Channels.newInputStream(raw).readAllBytes()))
                    .isEqualTo("Zqq internal bug (#4.3.0)\n");
            assertThat(server).isNotNull();
        }
        assertThat(log).singleElement().asString().contains("sent no submission to the socket");
    }

    @Test
    void aClientThatIsKilledBeforeItHasSentAnythingIsNoNews() throws IOException {
        try (QueueSocketServer server = serve(QueueSocketServer.Access.OWNER)) {
            for (String begin : List.of("", "TAW", "TAWNYS1\n", "TAWNYS1\n\0\0\0\3h")) {
                try (SocketChannel raw = SocketChannel.open(UnixDomainSocketAddress.of(queue.resolve("socket")))) {
                    raw.write(ByteBuffer.wrap(Octets.of(begin)));
                    raw.shutdownOutput();
                    assertThat(Channels.newInputStream(raw).readAllBytes()).isEmpty();
                }
            }
            assertThat(server).isNotNull();
        }
        assertThat(log).isEmpty();
        assertThat(inside.accepted()).isEmpty();
    }

    @Test
    void theBytesOnTheSocketAreThoseOfTheFormat() throws IOException {
        serve(QueueSocketServer.Access.OWNER).close();
        submit(new QueueDoor(queue), "hi\n", "joe", List.of("ann"));
        try (Stream<Path> dropped = Files.list(queue.resolve("drop"))) {
            assertThat(Octets.text(Files.readAllBytes(dropped.findFirst().orElseThrow())))
                    .isEqualTo("TAWNYS1\n\0\0\0\3hi\n\0\0\0\0Fjoe\0Tann\0\0");
        }
    }

    @Test
    void aQueueThatLiesDeepIsReachedAllTheSame() throws IOException {
        queue = Files.createDirectories(
                directory.resolve("a-long-name-of-a-directory-".repeat(5)).resolve("queue"));
        try (QueueSocketServer server = serve(QueueSocketServer.Access.OWNER)) {
            assertThat(submit(new SocketQueue(queue), "x", "", List.of("a"))).isInstanceOf(QueueResult.Accepted.class);
            assertThat(server).isNotNull();
        }
        assertThat(inside.accepted()).hasSize(1);
        assertThat(queue.resolve("socket")).doesNotExist();
    }

    @Test
    void anInstalledSystemTakesMailFromEverybodyAndShowsItToNobody() throws IOException {
        try (QueueSocketServer server = serve(QueueSocketServer.Access.EVERYBODY)) {
            assertThat(server).isNotNull();
            assertThat(mode(queue)).isEqualTo(0711);
            assertThat(mode(queue.resolve("drop"))).isEqualTo(01733);
            assertThat(mode(queue.resolve("socket"))).isEqualTo(0666);
        }
    }

    private static int mode(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:mode") & 07777;
    }
}
