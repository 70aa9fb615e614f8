package org.tawnymail.base.posix;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFileTest {

    @TempDir
    private Path directory;

    @Test
    void aMessageInAScratchFileIsReadAgainFromItsBeginning() throws IOException {
        try (ScratchFile memory = ScratchFile.inMemory();
                ScratchFile disk = ScratchFile.on(directory)) {
            for (ScratchFile scratch : new ScratchFile[] {memory, disk}) {
                String text = "Subject: x\n\n" + "body\n".repeat(5000);
                scratch.output().write(text.getBytes(US_ASCII));
                for (int i = 0; i < 2; i++) {
                    scratch.input().rewind();
                    assertThat(new String(scratch.input().readAllBytes(), US_ASCII))
                            .isEqualTo(text);
                }
            }
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void aFileIsReadByItsNumber() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "abc");
        try (OpenFileInput input = OpenFileInput.open(file)) {
            assertThat(input.read()).isEqualTo('a');
            assertThat(Files.isSameFile(Path.of("/proc/self/fd/" + input.fileNumber()), file))
                    .isTrue();
            input.rewind();
            assertThat(input.readAllBytes()).hasSize(3);
            assertThat(input.read()).isEqualTo(-1);
        }
    }

    @Test
    void aClosedStreamCannotTouchTheNumberThatMayBeSomebodyElsesNow() throws IOException {
        OpenFileInput input = OpenFileInput.open(Files.createFile(directory.resolve("file")));
        OpenFileOutput output = OpenFileOutput.sameAs(input);
        input.close();
        output.close();
        assertThatThrownBy(input::read).hasMessageContaining("is closed");
        assertThatThrownBy(() -> output.write(1)).hasMessageContaining("is closed");
    }

    @Test
    void readingAPipeWaitsOnPlatformAndOnVirtualThreads() throws Exception {
        for (boolean virtual : new boolean[] {true, false}) {
            try (JoiningPipe pipe = JoiningPipe.toChild()) {
                FutureTask<Integer> reading = new FutureTask<>(childsInput(pipe)::read);
                (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(reading);
                pipe.output().write('x');
                assertThat(reading.get()).isEqualTo('x');
            }
        }
    }

    @Test
    void aReadThatTakesTooLongFailsOnPlatformAndOnVirtualThreads() throws Exception {
        for (boolean virtual : new boolean[] {true, false}) {
            try (JoiningPipe pipe = JoiningPipe.bothWays()) {
                OpenFileInput input = childsInput(pipe);
                input.timeout(Duration.ofMillis(20));
                FutureTask<Integer> reading = new FutureTask<>(input::read);
                (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(reading);
                assertThatThrownBy(reading::get)
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(SocketTimeoutException.class);
            }
        }
    }

    @Test
    void aWriterWhoseReaderIsSlowWaitsAndOneWhoseReaderIsGoneHasABrokenPipe() throws Exception {
        for (boolean socket : new boolean[] {false, true}) {
            try (JoiningPipe pipe = socket ? JoiningPipe.bothWays() : JoiningPipe.toChild()) {
                byte[] much = new byte[300_000];
                FutureTask<Integer> reading =
                        new FutureTask<>(() -> childsInput(pipe).readNBytes(much.length).length);
                Thread.ofVirtual().start(reading);
                FutureTask<Integer> writing = new FutureTask<>(() -> {
                    pipe.output().write(much);
                    return 0;
                });
                Thread.ofVirtual().start(writing);
                assertThat(reading.get()).isEqualTo(much.length);
                assertThat(writing.get()).isZero();
                pipe.closeChildEnd();
                assertThatThrownBy(() -> pipe.output().write(1))
                        .isInstanceOfSatisfying(
                                SystemError.class,
                                e -> assertThat(e.is(Errno.EPIPE)).isTrue());
            }
        }
    }

    @Test
    void aSlowReaderMakesATimedWriteFail() throws Exception {
        try (JoiningPipe pipe = JoiningPipe.fromChild()) {
            OpenFileOutput output = new OpenFileOutput(pipe.childEnd());
            output.timeout(Duration.ofMillis(20));
            assertThatThrownBy(() -> output.write(new byte[300_000])).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void theChildReadsTheEndOfWhatWeWroteAndCanStillAnswer() throws Exception {
        try (JoiningPipe pipe = JoiningPipe.bothWays()) {
            pipe.output().write('?');
            pipe.endOutput();
            assertThat(childsInput(pipe).readAllBytes()).hasSize(1);
            new OpenFileOutput(pipe.childEnd()).write('!');
            pipe.closeChildEnd();
            assertThat(pipe.input().readAllBytes()).containsExactly('!');
        }
    }

    private static OpenFileInput childsInput(JoiningPipe pipe) throws IOException {
        return new OpenFileInput(pipe.childEnd());
    }
}
