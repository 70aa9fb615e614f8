package org.tawnymail.queue.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.Recipient;
import org.tawnymail.queue.RecipientPage;
import org.tawnymail.queue.Routing;
import org.tawnymail.queue.disk.LocalDisk;
import org.tawnymail.queue.messages.AdoptedEnvelope;
import org.tawnymail.queue.messages.JournalQueue;
import org.tawnymail.queue.messages.QueueOptions;
import org.tawnymail.queue.program.QmailQread;

class QueueAdoptionTest {

    private static final Instant NOW = Instant.parse("2025-03-07T09:04:05Z");
    private static final Instant BIRTH = Instant.parse("2025-03-01T08:00:00Z");
    private static final String TEXT =
            "Received: (qmail 8 invoked by uid 7); 1 Mar 2025 08:00:00 -0000\n\nh\u00fc\0\r\n.\n";

    @TempDir
    private Path home;

    private final List<String> left = new ArrayList<>();
    private Runnable whileItRuns = () -> {};

    private Path queue() {
        return home.resolve("queue");
    }

    private JournalQueue open() throws IOException {
        return JournalQueue.open(queue(), QueueOptions.DEFAULT, InstantSource.fixed(NOW), left::add);
    }

    private final QueueAdoption.Report report = new QueueAdoption.Report() {
        @Override
        public void left(String file, String why) {
            left.add(file + ": " + why);
        }

        @Override
        public void progress(long taken) {
            whileItRuns.run();
        }
    };

    private QueueAdoption.Result adopt(JournalQueue queue) throws IOException {
        return QueueAdoption.run(new LocalDisk(), queue(), queue.adoption(), InstantSource.fixed(NOW), report);
    }

    private static String content(JournalQueue queue, long number) throws IOException {
        try (var in = queue.content(number).open()) {
            return Octets.text(in.readAllBytes());
        }
    }

    private static List<String> undone(JournalQueue queue, long number, Channel channel) throws IOException {
        return queue.recipients(number, channel, RecipientPage.START, Integer.MAX_VALUE).recipients().stream()
                .map(Recipient::address)
                .toList();
    }

    private static List<String> route(JournalQueue queue, long number) throws IOException {
        List<String> submitted = new ArrayList<>();
        queue.route(number, address -> {
            submitted.add(address);
            return new Routing(Channel.LOCAL, address);
        });
        return submitted;
    }

    private List<Path> oldFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String name : List.of("mess", "intd", "todo", "info", "local", "remote", "bounce")) {
            try (Stream<Path> found = Files.walk(queue().resolve(name))) {
                found.filter(Files::isRegularFile).forEach(files::add);
            }
        }
        return files;
    }

    @Test
    void aMessageThatWasNotPreprocessedIsTakenAsItWasSubmitted() throws IOException {
        String longest = "a".repeat(1002);
        OldQueueTree.make(queue())
                .queued(TEXT, "u1042\0p4431\0Fann@here\0Tlog\0T\0T" + longest + "\0Tkim\u00fc@there\0");
        try (JournalQueue queue = open()) {
            assertThat(adopt(queue)).isEqualTo(new QueueAdoption.Result(1, 1, 0, 0));
            long number = queue.messages().getFirst();
            assertThat(queue.isRouted(number)).isFalse();
            assertThat(content(queue, number)).isEqualTo(TEXT);
            assertThat(queue.envelope(number).sender()).isEqualTo("ann@here");
            assertThat(queue.envelope(number).uid()).isEqualTo(1042);
            assertThat(queue.envelope(number).qp()).isEqualTo(4431);
            assertThat(queue.envelope(number).birth()).isEqualTo(NOW);
            assertThat(route(queue, number)).containsExactly("log", "", longest, "kim\u00fc@there");
        }
        assertThat(oldFiles()).isEmpty();
        assertThat(left).isEmpty();
        assertThat(queue().resolve("adopted")).doesNotExist();
    }

    @Test
    void aPreprocessingThatACrashCutShortIsDoneAnew() throws IOException {
        OldQueueTree old = OldQueueTree.make(queue());
        long number = old.queued(TEXT, "u1\0p2\0Fann@here\0Tkim@there\0");
        old.write("info", number, "Fann@here\0");
        old.write("local", number, "Dkim@ther");
        try (JournalQueue queue = open()) {
            adopt(queue);
            assertThat(route(queue, queue.messages().getFirst())).containsExactly("kim@there");
        }
        assertThat(oldFiles()).isEmpty();
    }

    @Test
    void whoIsDoneStaysDoneAndNobodyIsRewrittenAgain() throws IOException {
        OldQueueTree old = OldQueueTree.make(queue());
        long number = old.preprocessed(
                TEXT,
                BIRTH,
                "news-owner-@list.test-@[]",
                "Dann@here\0Tann-shop-info@shop.test\0T\0",
                "Tkim@far.test\0Dlee@far.test\0");
        Instant due = NOW.plusSeconds(600);
        Files.setLastModifiedTime(old.file("remote", number), FileTime.from(due));
        old.write("bounce", number, "<lee@far.test>:\nno such user\n\n");
        try (JournalQueue queue = open()) {
            assertThat(adopt(queue).taken()).isEqualTo(1);
        }
        try (JournalQueue queue = open()) {
            long adopted = queue.messages().getFirst();
            assertThat(queue.isRouted(adopted)).isTrue();
            assertThat(undone(queue, adopted, Channel.LOCAL)).containsExactly("ann-shop-info@shop.test", "");
            assertThat(undone(queue, adopted, Channel.REMOTE)).containsExactly("kim@far.test");
            assertThat(queue.envelope(adopted).birth()).isEqualTo(BIRTH);
            assertThat(queue.envelope(adopted).sender()).isEqualTo("news-owner-@list.test-@[]");
            assertThat(queue.envelope(adopted).uid()).isEqualTo(AdoptedEnvelope.UNKNOWN_UID);
            assertThat(queue.due(adopted, Channel.REMOTE)).hasValue(due.getEpochSecond());
            try (var in = queue.bounceText(adopted).orElseThrow().open()) {
                assertThat(Octets.text(in.readAllBytes())).isEqualTo("<lee@far.test>:\nno such user\n\n");
            }
            assertThat(content(queue, adopted)).isEqualTo(TEXT);
            assertThat(qread())
                    .isEqualTo("1 Mar 2025 08:00:00 GMT  #" + adopted + "  " + TEXT.length()
                            + "  <news-owner-@list.test-@[]>  bouncing\n"
                            + "  done\tlocal\tann@here\n\tlocal\tann-shop-info@shop.test\n\tlocal\t\n"
                            + "\tremote\tkim@far.test\n  done\tremote\tlee@far.test\n");
        }
        assertThat(oldFiles()).isEmpty();
    }

    private String qread() throws IOException {
        return run(new QmailQread(new Home(home)));
    }

    private String run(Program program, String... arguments) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Descriptors descriptors = Descriptors.none().with(1, out);
        assertThat(program.run(new Call("x", List.of(arguments), Environment.empty(), descriptors, home)))
                .isZero();
        return Octets.text(out.toByteArray());
    }

    @Test
    void aMessageWithNobodyLeftStillHasItsBounceEvenAnEmptyOne() throws IOException {
        OldQueueTree old = OldQueueTree.make(queue());
        long number = old.preprocessed(TEXT, BIRTH, "ann@here", "", "");
        old.write("bounce", number, "");
        old.preprocessed(TEXT + "other", BIRTH, "ann@here", "Dbob@here\0", "");
        try (JournalQueue queue = open()) {
            adopt(queue);
            assertThat(queue.messages()).hasSize(2);
            for (long adopted : queue.messages()) {
                assertThat(queue.isRouted(adopted)).isTrue();
                assertThat(queue.remaining(adopted, Channel.LOCAL) + queue.remaining(adopted, Channel.REMOTE))
                        .isZero();
                assertThat(queue.bounceText(adopted).isPresent())
                        .isEqualTo(content(queue, adopted).equals(TEXT));
            }
        }
    }

    @Test
    void longListsLargeMessagesAndLongBounceTextsAreTakenWhole() throws IOException {
        int many = 20_000;
        StringBuilder remote = new StringBuilder();
        for (int i = 0; i < many; i++) {
            remote.append(i % 2 == 0 ? 'T' : 'D').append("subscriber").append(i).append("@far.test\0");
        }
        String text = TEXT + "a long line of a long message\n".repeat(10_000);
        String bounce = "<subscriber@far.test>:\nno\n\n".repeat(5_000);
        OldQueueTree old = OldQueueTree.make(queue());
        old.write("bounce", old.preprocessed(text, BIRTH, "", "", remote.toString()), bounce);
        try (JournalQueue queue = open()) {
            adopt(queue);
        }
        try (JournalQueue queue = open()) {
            long number = queue.messages().getFirst();
            assertThat(content(queue, number)).isEqualTo(text);
            assertThat(undone(queue, number, Channel.REMOTE))
                    .hasSize(many / 2)
                    .startsWith("subscriber0@far.test")
                    .endsWith("subscriber" + (many - 2) + "@far.test");
            try (var in = queue.bounceText(number).orElseThrow().open()) {
                assertThat(Octets.text(in.readAllBytes())).isEqualTo(bounce);
            }
            queue.finish(number);
        }
        assertThat(queue().resolve("large")).isEmptyDirectory();
    }

    @ParameterizedTest(name = "split {0}, todo split {1}")
    @CsvSource({"0, false", "7, false", "23, true", "151, true"})
    void everyWayToSplitAQueueIsUnderstood(int split, boolean splitTodo) throws IOException {
        OldQueueTree old = OldQueueTree.make(queue(), split, splitTodo);
        for (int i = 0; i < 30; i++) {
            old.queued(TEXT + i, "u1\0p2\0Fann@here\0Tkim@there\0");
            old.preprocessed(TEXT + "-" + i, BIRTH, "ann@here", "Tbob@here\0", "");
        }
        try (JournalQueue queue = open()) {
            assertThat(adopt(queue)).isEqualTo(new QueueAdoption.Result(60, 30, 0, 0));
            assertThat(queue.messages()).hasSize(60);
        }
        assertThat(oldFiles()).isEmpty();
    }

    @Test
    void whatIsDamagedStaysWhereItIsAndIsNamed() throws IOException {
        OldQueueTree old = OldQueueTree.make(queue());
        long noSender = old.queued("x", "u1\0p2\0");
        long unknown = old.queued("x", "u1\0p2\0Fann\0Xkim\0");
        long torn = old.preprocessed("x", BIRTH, "ann", "Tbob@here", "");
        long empty = old.preprocessed("", BIRTH, "ann", "", "");
        long unfinished = old.unfinished("x");
        old.write("info", 5, "Fann\0");
        old.write("bounce", 6, "no\n");
        int files = oldFiles().size();
        old.queued(TEXT, "u1\0p2\0Fann@here\0Tkim@there\0");
        try (JournalQueue queue = open()) {
            assertThat(adopt(queue)).isEqualTo(new QueueAdoption.Result(1, 1, 0, 7));
        }
        assertThat(left)
                .containsExactlyInAnyOrder(
                        "todo/" + noSender + ": it has no sender",
                        "todo/" + unknown + ": it has a record of the unknown type X",
                        "local/" + torn % 23 + "/" + torn + ": it ends in the middle of a record",
                        "mess/" + empty % 23 + "/" + empty + ": it is empty",
                        "mess/" + unfinished % 23 + "/" + unfinished
                                + ": it was never finished: a qmail-queue is still writing it (then run this again), or was"
                                + " cut short",
                        "info/5/5: its message is missing",
                        "bounce/6: its message is missing");
        assertThat(oldFiles()).hasSize(files);
    }

    /** Of which some now look as if they were split into fewer. */
    @Test
    void aQueueThatWasCopiedWithoutItsEmptyDirectoriesLosesNobody() throws IOException {
        OldQueueTree old = OldQueueTree.make(queue());
        for (long number : List.of(2326L, 2332L, 2343L)) {
            old.write("mess", number, TEXT);
            old.write("info", number, "Fann@here\0");
            old.write(number % 23 == 20 ? "remote" : "local", number, "Tkim@there\0");
        }
        for (String name : List.of("mess", "info", "local", "remote")) {
            try (Stream<Path> parts = Files.list(queue().resolve(name))) {
                for (Path part : parts.toList()) {
                    if (isEmpty(part)) {
                        Files.delete(part);
                    }
                }
            }
        }
        try (JournalQueue queue = open()) {
            assertThat(adopt(queue)).isEqualTo(new QueueAdoption.Result(3, 0, 0, 0));
            for (long number : queue.messages()) {
                assertThat(Stream.concat(
                                undone(queue, number, Channel.LOCAL).stream(),
                                undone(queue, number, Channel.REMOTE).stream()))
                        .containsExactly("kim@there");
            }
        }
        assertThat(oldFiles()).isEmpty();
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {5, 22, 23, 999})
    void aFileInAnotherSubdirectoryThanItsNumberSaysIsFoundAllTheSame(int other) throws IOException {
        OldQueueTree old = OldQueueTree.make(queue());
        for (String name : List.of("mess", "info", "local", "remote")) {
            for (long number : List.of(2326L, 2332L)) {
                old.write(
                        name,
                        number,
                        name.equals("mess") ? TEXT : name.equals("info") ? "Fann@here\0" : "Tkim@there\0");
            }
            Path place = Files.createDirectories(queue().resolve(name).resolve(Integer.toString(other)));
            Files.move(old.file(name, 2326), place.resolve("2326"));
        }
        try (JournalQueue queue = open()) {
            assertThat(adopt(queue)).isEqualTo(new QueueAdoption.Result(2, 0, 0, 0));
            for (long number : queue.messages()) {
                assertThat(undone(queue, number, Channel.LOCAL)).containsExactly("kim@there");
                assertThat(undone(queue, number, Channel.REMOTE)).containsExactly("kim@there");
            }
        }
        assertThat(oldFiles()).isEmpty();
    }

    /** They have both an envelope and what was made of it; a batch ends while those of the second kind are gone through. */
    @Test
    void manyPreprocessingsThatWereCutShortAreTakenOnceAndLeaveNothing() throws IOException {
        OldQueueTree old = OldQueueTree.make(queue(), 0, false);
        for (int i = 0; i < 700; i++) {
            long number = old.queued(TEXT + i, "u1\0p2\0Fann@here\0Tkim@there\0");
            old.write("info", number, "Fann@here\0");
            old.preprocessed(TEXT + "-" + i, BIRTH, "ann@here", "Tbob@here\0", "");
        }
        try (JournalQueue queue = open()) {
            assertThat(adopt(queue)).isEqualTo(new QueueAdoption.Result(1400, 700, 0, 0));
        }
        assertThat(left).isEmpty();
        assertThat(oldFiles()).isEmpty();
    }

    @Test
    void ofAMessageWithTwoFilesOfOneKindNothingIsTouched() throws IOException {
        OldQueueTree old = OldQueueTree.make(queue());
        long number = old.preprocessed(TEXT, BIRTH, "ann", "Tbob@here\0", "");
        Files.writeString(queue().resolve("local/" + number), "Tkim@here\0");
        List<Path> before = oldFiles();
        try (JournalQueue queue = open()) {
            assertThat(adopt(queue)).isEqualTo(new QueueAdoption.Result(0, 0, 0, 1));
        }
        assertThat(left)
                .containsExactly(
                        "local/" + number + ": it is there twice, also as local/" + number % 23 + "/" + number);
        assertThat(oldFiles()).isEqualTo(before);
    }

    @Test
    void whatIsNoFileOfQmailsIsNamedAndStays() throws IOException {
        OldQueueTree old = OldQueueTree.make(queue());
        old.queued(TEXT, "u1\0p2\0Fann@here\0Tkim@there\0");
        Files.writeString(queue().resolve("mess/3/2172698.bad"), "x");
        Files.writeString(queue().resolve("mess/3/026"), "a copy of ours for a spawner");
        Files.writeString(queue().resolve("todo/a\nb"), "x");
        Files.writeString(queue().resolve("info/2/0012"), "x");
        try (JournalQueue queue = open()) {
            assertThat(adopt(queue)).isEqualTo(new QueueAdoption.Result(1, 1, 0, 3));
        }
        assertThat(left)
                .containsExactly(
                        "mess/3/2172698.bad: its name is no number of a message",
                        "todo/a?b: its name is no number of a message",
                        "info/2/0012: its name is no number of a message");
        assertThat(queue().resolve("mess/3/2172698.bad")).exists();
    }

    @Test
    void whatAnOldQmailQueueFinishesMeanwhileIsTakenToo() throws IOException {
        OldQueueTree old = OldQueueTree.make(queue());
        old.queued(TEXT, "u1\0p2\0Fann@here\0Tkim@there\0");
        whileItRuns = () -> {
            whileItRuns = () -> {};
            try {
                // The number of the message that was just removed may come again: it is another one all the same.
                old.queued(TEXT + "late", "u1\0p2\0Fann@here\0Tkim@there\0");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        };
        try (JournalQueue queue = open()) {
            assertThat(adopt(queue).taken()).isEqualTo(2);
        }
        assertThat(oldFiles()).isEmpty();
    }

    @Test
    void aRehearsalChangesNothing() throws IOException {
        OldQueueTree old = OldQueueTree.make(queue());
        old.queued(TEXT, "u1\0p2\0Fann@here\0Tkim@there\0");
        old.preprocessed(TEXT, BIRTH, "ann", "Tbob@here\0", "");
        List<Path> before = oldFiles();
        assertThat(QueueAdoption.rehearse(new LocalDisk(), queue(), InstantSource.fixed(NOW), report))
                .isEqualTo(new QueueAdoption.Result(2, 1, 0, 0));
        assertThat(oldFiles()).isEqualTo(before);
        assertThat(queue().resolve("journal")).doesNotExist();
    }

    @Test
    void qmailUpqSplitsAnOldQueueAndKeepsInodeNumbers() throws IOException {
        OldQueueTree flat = OldQueueTree.make(queue(), 0, false);
        long number = flat.preprocessed(TEXT, BIRTH, "ann", "Tbob@here\0", "");
        long waiting = flat.queued(TEXT, "u1\0p2\0Fann@here\0Tkim@there\0");
        assertThat(run(new QmailUpq(new Home(home)))).isEqualTo("4 files moved\n");
        Path message = queue().resolve("mess/" + number % 23 + "/" + number);
        assertThat(Files.getAttribute(message, "unix:ino")).isEqualTo(number);
        assertThat(queue().resolve("info/" + number % 23 + "/" + number)).exists();
        assertThat(queue().resolve("todo/" + waiting)).exists();
        assertThat(run(new QmailUpq(new Home(home)), "queue")).isEqualTo("0 files moved\n");
        try (JournalQueue queue = open()) {
            assertThat(adopt(queue)).isEqualTo(new QueueAdoption.Result(2, 1, 0, 0));
        }
    }
}
