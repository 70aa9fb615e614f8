package org.tawnymail.receive;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The conversations in the text files beside this class. */
final class SmtpDialogueTest {

    private static final List<String> FILES = List.of(
            "session.txt",
            "commands.txt",
            "addresses.txt",
            "senders.txt",
            "recipients.txt",
            "data.txt",
            "end-of-data.txt",
            "limits.txt",
            "broken-off.txt");

    @TempDir
    private Path directory;

    @TestFactory
    Stream<DynamicContainer> smtp() {
        return FILES.stream()
                .map(file -> DynamicContainer.dynamicContainer(
                        file, Dialogue.read(file).stream().map(this::test)));
    }

    private DynamicTest test(Dialogue dialogue) {
        return DynamicTest.dynamicTest(
                dialogue.title(), () -> dialogue.play(Files.createTempDirectory(directory, "home")));
    }
}
