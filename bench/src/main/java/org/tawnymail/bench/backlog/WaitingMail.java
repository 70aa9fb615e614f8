package org.tawnymail.bench.backlog;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Routing;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.messages.JournalQueue;
import org.tawnymail.queue.messages.QueueOptions;

/** Messages for a host that has not answered: in the queue for a while, and not due again for a while longer. */
public final class WaitingMail {

    /** So many submitters share one force. */
    private static final int SUBMITTERS = 200;

    private static final Duration AGE = Duration.ofHours(6);
    private static final Duration UNTIL_DUE = Duration.ofHours(12);

    private final Path queue;
    private final byte[] text;

    /**
     * @param queue the queue directory, which no server has open
     * @param size octets of each message
     */
    public WaitingMail(Path queue, int size) {
        this.queue = queue;
        String line = "the quick brown fox jumps over the lazy dog and comes back for more\n";
        String header = "From: load@load.test\nTo: kim@waiting.test\nSubject: waiting\n\n";
        this.text = (header + line.repeat(Math.max(1, (size - header.length()) / line.length())))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Puts so many more into the queue, which belongs to its owner afterwards as before. */
    public void add(int messages) throws IOException, InterruptedException {
        UserPrincipal owner = Files.getOwner(queue);
        InstantSource clock = InstantSource.fixed(Instant.now().minus(AGE));
        QueueOptions options = QueueOptions.DEFAULT.withUid((Integer) Files.getAttribute(queue, "unix:uid"));
        try (JournalQueue opened = JournalQueue.open(queue, options, clock, line -> {})) {
            submit(opened, messages);
        }
        try (Stream<Path> tree = Files.walk(queue)) {
            for (Path path : tree.toList()) {
                Files.setOwner(path, owner);
            }
        }
    }

    private void submit(JournalQueue opened, int messages) throws IOException, InterruptedException {
        AtomicInteger left = new AtomicInteger(messages);
        AtomicReference<IOException> trouble = new AtomicReference<>();
        List<Thread> submitters = new ArrayList<>();
        for (int i = 0; i < SUBMITTERS; i++) {
            submitters.add(Thread.startVirtualThread(() -> {
                try {
                    while (left.getAndDecrement() > 0 && trouble.get() == null) {
                        submit(opened);
                    }
                } catch (IOException e) {
                    trouble.set(e);
                }
            }));
        }
        for (Thread submitter : submitters) {
            submitter.join();
        }
        if (trouble.get() != null) {
            throw trouble.get();
        }
    }

    private void submit(JournalQueue opened) throws IOException {
        try (Submission submission = opened.begin(QueuePort.Origin.NETWORK)) {
            OutputStream message = submission.message();
            message.write(text);
            QueueResult result = submission.commit("load@load.test", List.of("kim@waiting.test"));
            if (!(result instanceof QueueResult.Accepted(long number))) {
                throw new IOException("the queue said " + result);
            }
            opened.route(number, address -> new Routing(Channel.REMOTE, address));
            opened.due(number, Channel.REMOTE, Instant.now().plus(UNTIL_DUE));
        }
    }
}
