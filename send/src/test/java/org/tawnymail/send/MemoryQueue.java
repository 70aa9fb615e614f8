package org.tawnymail.send;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.SeekableInput;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.DamagedMessage;
import org.tawnymail.queue.Envelope;
import org.tawnymail.queue.Queue;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Recipient;
import org.tawnymail.queue.RecipientPage;
import org.tawnymail.queue.Routing;
import org.tawnymail.queue.Submission;

/** A queue without a disk, whose every call can be made to fail. */
public final class MemoryQueue implements Queue, QueuePort {

    public static final int UID = 1007;

    private static final class Mail {
        private final Envelope envelope;
        private final byte[] content;
        private final List<String> addresses;
        private final boolean[] done;
        private final StringBuilder bounce = new StringBuilder();
        private final Map<Channel, Long> due = new EnumMap<>(Channel.class);
        private Channel @Nullable [] channels = null;

        private Mail(Envelope envelope, byte[] content, List<String> addresses) {
            this.envelope = envelope;
            this.content = content;
            this.addresses = new ArrayList<>(addresses);
            this.done = new boolean[addresses.size()];
        }
    }

    private final InstantSource clock;
    private final TreeMap<Long, Mail> mails = new TreeMap<>();
    private final Set<String> broken = new HashSet<>();
    private final List<Long> setAside = new ArrayList<>();
    private long lastNumber;
    private long lastQp = 9000;
    private QueueResult refusal = new QueueResult.Accepted(0);
    private @Nullable Arrivals arrivals;
    private int breaks;

    public MemoryQueue(InstantSource clock) {
        this.clock = clock;
    }

    /** The next message gets this number. */
    synchronized void nextNumber(long number) {
        lastNumber = number - 1;
    }

    /** The next submission gets this qp. */
    synchronized void nextQp(long qp) {
        lastQp = qp - 1;
    }

    /** Makes every call of a method fail until it is mended. */
    synchronized void breakDown(String method) {
        broken.add(method);
    }

    /** Makes every call of a method throw what no caller expects. */
    synchronized void explode(String method) {
        broken.add(method + "!");
    }

    /** Makes every call of a method find damage; of {@code text}, whoever reads a message. */
    synchronized void damage(String method) {
        broken.add(method + "?");
    }

    synchronized void mend() {
        broken.clear();
    }

    /** How many calls have failed. */
    synchronized int failures() {
        return breaks;
    }

    /** What submissions are answered from now on; an acceptance accepts. */
    synchronized void answer(QueueResult result) {
        refusal = result;
    }

    public long accept(String sender, String content, int uid, List<String> recipients) {
        long number;
        Arrivals told;
        synchronized (this) {
            number = add(sender, Octets.of(content), uid, recipients);
            told = arrivals;
        }
        if (told != null) {
            told.arrived(number);
        }
        return number;
    }

    long accept(String sender, String... recipients) {
        return accept(sender, "Subject: hello\n\nworld\n", UID, List.of(recipients));
    }

    private long add(String sender, byte[] content, int uid, List<String> recipients) {
        long number = ++lastNumber;
        Envelope envelope =
                new Envelope(number, clock.instant(), content.length, sender, ++lastQp, uid, recipients.size());
        mails.put(number, new Mail(envelope, content, recipients));
        return number;
    }

    @Override
    public void start(Arrivals told) throws IOException {
        List<Long> unfinished;
        synchronized (this) {
            work("start");
            arrivals = told;
            unfinished = List.copyOf(mails.keySet());
        }
        unfinished.forEach(told::arrived);
    }

    /** The same journal, opened again: nobody is told yet. */
    synchronized void restart() {
        arrivals = null;
    }

    @Override
    public synchronized Envelope envelope(long message) throws IOException {
        work("envelope");
        if (broken.contains("envelope?")) {
            throw new DamagedMessage(message, "its envelope is not what it was");
        }
        return mail(message).envelope;
    }

    @Override
    public synchronized MessageSource content(long message) throws IOException {
        work("content");
        MessageSource whole = source(mail(message).content);
        return broken.contains("text?") ? damaged(message, whole.size()) : whole;
    }

    private static MessageSource damaged(long message, long size) {
        return new MessageSource() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public SeekableInput open() throws IOException {
                throw new DamagedMessage(message, "its text is not what it was");
            }
        };
    }

    @Override
    public synchronized boolean isRouted(long message) throws IOException {
        work("isRouted");
        return mail(message).channels != null;
    }

    @Override
    public synchronized void route(long message, Function<String, Routing> decision) throws IOException {
        work("route");
        Mail mail = mail(message);
        Channel[] channels = new Channel[mail.done.length];
        for (int i = 0; i < channels.length; i++) {
            Routing way = decision.apply(mail.addresses.get(i));
            channels[i] = way.channel();
            mail.addresses.set(i, way.address());
        }
        mail.channels = channels;
    }

    @Override
    public synchronized RecipientPage recipients(long message, Channel channel, long from, int limit)
            throws IOException {
        work("recipients");
        Mail mail = mail(message);
        List<Recipient> page = new ArrayList<>();
        int i = (int) from;
        for (; i < mail.done.length && page.size() < limit; i++) {
            if (isLeft(mail, i, channel)) {
                page.add(new Recipient(i, mail.addresses.get(i)));
            }
        }
        return new RecipientPage(page, i < mail.done.length ? i : RecipientPage.END);
    }

    @Override
    public synchronized int remaining(long message, Channel channel) throws IOException {
        work("remaining");
        Mail mail = mail(message);
        int count = 0;
        for (int i = 0; i < mail.done.length; i++) {
            count += isLeft(mail, i, channel) ? 1 : 0;
        }
        return count;
    }

    @Override
    public synchronized void done(long message, int recipient) throws IOException {
        work("done");
        Mail mail = mail(message);
        if (mail.done[recipient]) {
            throw new IllegalStateException("done twice: " + message + "/" + recipient);
        }
        mail.done[recipient] = true;
    }

    @Override
    public synchronized void failed(long message, int recipient, String text) throws IOException {
        work("failed");
        done(message, recipient);
        mail(message).bounce.append(text);
    }

    @Override
    public synchronized Optional<MessageSource> bounceText(long message) throws IOException {
        work("bounceText");
        String text = mail(message).bounce.toString();
        return text.isEmpty() ? Optional.empty() : Optional.of(source(Octets.of(text)));
    }

    @Override
    public synchronized void bounceSent(long message) throws IOException {
        work("bounceSent");
        mail(message).bounce.setLength(0);
    }

    @Override
    public synchronized void due(long message, Channel channel, Instant when) throws IOException {
        work("due");
        mail(message).due.put(channel, when.getEpochSecond());
    }

    @Override
    public synchronized OptionalLong due(long message, Channel channel) throws IOException {
        Long due = mail(message).due.get(channel);
        return due == null ? OptionalLong.empty() : OptionalLong.of(due);
    }

    @Override
    public synchronized void finish(long message) throws IOException {
        work("finish");
        Mail mail = mail(message);
        for (boolean done : mail.done) {
            if (!done) {
                throw new IllegalStateException("finished with somebody left: " + message);
            }
        }
        mails.remove(message);
    }

    @Override
    public synchronized void setAside(long message, String why) throws IOException {
        work("setAside");
        mail(message);
        mails.remove(message);
        setAside.add(message);
    }

    /** What was set aside. */
    synchronized List<Long> setAside() {
        return List.copyOf(setAside);
    }

    @Override
    public synchronized List<Long> messages() {
        return List.copyOf(mails.keySet());
    }

    synchronized String contentText(long message) throws IOException {
        return Octets.text(mail(message).content);
    }

    @Override
    public Submission begin(Origin origin) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        return new Submission() {
            @Override
            public OutputStream message() {
                return bytes;
            }

            @Override
            public QueueResult commit(String sender, Iterable<String> recipients) {
                synchronized (MemoryQueue.this) {
                    if (refusal instanceof QueueResult.Refused) {
                        return refusal;
                    }
                }
                List<String> list = new ArrayList<>();
                recipients.forEach(list::add);
                long number = accept(sender, Octets.text(bytes.toByteArray()), UID, list);
                synchronized (MemoryQueue.this) {
                    Mail mail = mails.get(number);
                    return new QueueResult.Accepted(mail == null ? lastQp : mail.envelope.qp());
                }
            }

            @Override
            public void close() {}
        };
    }

    private static boolean isLeft(Mail mail, int recipient, Channel channel) {
        return mail.channels != null && mail.channels[recipient] == channel && !mail.done[recipient];
    }

    private Mail mail(long message) throws IOException {
        Mail mail = mails.get(message);
        if (mail == null) {
            throw new IOException("no such message: " + message);
        }
        return mail;
    }

    private void work(String method) throws IOException {
        if (broken.contains(method + "!")) {
            throw new AssertionError(method);
        }
        if (broken.contains(method)) {
            breaks++;
            throw new IOException("No space left on device");
        }
    }

    static MessageSource source(byte[] octets) {
        return new MessageSource() {
            @Override
            public long size() {
                return octets.length;
            }

            @Override
            public SeekableInput open() {
                ByteArrayInputStream in = new ByteArrayInputStream(octets);
                return new SeekableInput() {
                    @Override
                    public int read() {
                        return in.read();
                    }

                    @Override
                    public int read(byte[] to, int from, int count) {
                        return in.read(to, from, count);
                    }

                    @Override
                    public void rewind() {
                        in.reset();
                    }
                };
            }
        };
    }
}
