package org.tawnymail.queue.messages;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.RecipientPage;
import org.tawnymail.queue.Routing;
import org.tawnymail.queue.Submission;

/** A load for the queue alone, by hand: {@code QueueLoad DIRECTORY MESSAGES SUBMITTERS BYTES DELIVER}. */
final class QueueLoad {

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        int messages = Integer.parseInt(arguments[1]);
        int submitters = Integer.parseInt(arguments[2]);
        byte[] text = new byte[Integer.parseInt(arguments[3])];
        boolean deliver = Boolean.parseBoolean(arguments[4]);
        long opening = System.nanoTime();
        JournalQueue queue =
                JournalQueue.open(directory, QueueOptions.DEFAULT, InstantSource.system(), System.out::println);
        System.out.printf(
                "opened with %d messages in %d ms%n",
                queue.messages().size(), (System.nanoTime() - opening) / 1_000_000);
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        System.out.printf("heap %d kB%n", (runtime.totalMemory() - runtime.freeMemory()) / 1024);
        LinkedBlockingQueue<Long> arrived = new LinkedBlockingQueue<>();
        queue.start(deliver ? arrived::add : number -> {});
        for (int round = 0; round < 4 && messages > 0; round++) {
            round(queue, messages, submitters, text, deliver, arrived);
        }
        queue.close();
    }

    private static void round(
            JournalQueue queue,
            int messages,
            int submitters,
            byte[] text,
            boolean deliver,
            LinkedBlockingQueue<Long> arrived)
            throws Exception {
        var os = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = os.getProcessCpuTime();
        long begun = System.nanoTime();
        AtomicInteger left = new AtomicInteger(messages);
        CountDownLatch ended = new CountDownLatch(submitters);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < submitters; i++) {
                threads.execute(() -> {
                    while (left.getAndDecrement() > 0) {
                        try (Submission submission = queue.begin(Origin.NETWORK)) {
                            submission.message().write(text);
                            if (!(submission.commit("sender@example.com", List.of("recipient@example.org"))
                                    instanceof QueueResult.Accepted)) {
                                System.out.println("refused");
                            }
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                    ended.countDown();
                });
            }
            if (deliver) {
                for (int i = 0; i < messages; i++) {
                    deliver(queue, arrived.take());
                }
            }
            ended.await();
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                "%d messages in %.2f s: %.0f/s, CPU %.1f us each%n",
                messages, seconds, messages / seconds, (os.getProcessCpuTime() - cpu) / 1e3 / messages);
    }

    private static void deliver(JournalQueue queue, long message) throws IOException {
        queue.envelope(message);
        queue.route(message, address -> new Routing(Channel.LOCAL, address));
        var page = queue.recipients(message, Channel.LOCAL, RecipientPage.START, 10);
        try (var in = queue.content(message).open()) {
            in.skip(100_000);
        }
        queue.done(message, page.recipients().getFirst().index());
        queue.finish(message);
    }

    private QueueLoad() {}
}
