package org.tawnymail.bench.flow;

import java.time.Duration;
import java.time.Instant;
import org.tawnymail.bench.load.SmtpSink;

/** What another host took. */
final class SinkDestination implements Destination {

    private final SmtpSink sink;
    private int before;

    SinkDestination(SmtpSink sink) {
        this.sink = sink;
    }

    @Override
    public int count() {
        return sink.messages() - before;
    }

    @Override
    public Instant last() {
        return Instant.now().minus(Duration.ofNanos(System.nanoTime() - sink.lastTaken()));
    }

    @Override
    public void clear() {
        before = sink.messages();
    }
}
