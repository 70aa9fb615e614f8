package org.tawnymail.base.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PipeTest {

    private final Pipe pipe = new Pipe();

    @Test
    void everythingArrivesInOrderThoughThePipeIsSmall() throws Exception {
        Random random = new Random(1);
        byte[] message = new byte[10 * Pipe.CAPACITY + 17];
        random.nextBytes(message);
        FutureTask<byte[]> reading = new FutureTask<>(() -> pipe.input().readAllBytes());
        Thread.ofVirtual().start(reading);
        try (OutputStream output = pipe.output()) {
            int next = 0;
            while (next < message.length) {
                int piece = Math.min(message.length - next, 1 + random.nextInt(Pipe.CAPACITY * 2));
                output.write(message, next, piece);
                next += piece;
            }
        }
        assertThat(reading.get()).isEqualTo(message);
    }

    @Test
    void whatIsWrittenBeforeTheEndIsStillRead() throws IOException {
        pipe.output().write('x');
        pipe.output().close();
        assertThat(pipe.input().available()).isEqualTo(1);
        assertThat(pipe.input().readAllBytes()).containsExactly('x');
        assertThat(pipe.input().read()).isEqualTo(-1);
        assertThatThrownBy(() -> pipe.output().write(1)).hasMessage("Stream closed");
    }

    @Test
    void aReaderWhoLeavesBreaksThePipeForAWaitingWriter() throws Exception {
        FutureTask<Integer> writing = new FutureTask<>(() -> {
            pipe.output().write(new byte[3 * Pipe.CAPACITY]);
            return 0;
        });
        Thread.ofVirtual().start(writing);
        assertThat(pipe.input().readNBytes(Pipe.CAPACITY)).hasSize(Pipe.CAPACITY);
        pipe.input().close();
        assertThatThrownBy(writing::get).hasRootCauseMessage("Broken pipe");
        assertThatThrownBy(() -> pipe.input().read()).hasMessage("Stream closed");
    }

    @Test
    void aWaitingReaderCanBeInterrupted() {
        FutureTask<Integer> reading = new FutureTask<>(pipe.input()::read);
        Thread reader = Thread.ofVirtual().start(reading);
        reader.interrupt();
        assertThatThrownBy(reading::get).hasRootCauseMessage("interrupted");
    }
}
