package org.tawnymail.send;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Outcome;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.DamagedMessage;
import org.tawnymail.queue.Envelope;
import org.tawnymail.queue.Queue;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.RecipientPage;
import org.tawnymail.queue.Routing;
import org.tawnymail.send.schedule.Delivery;
import org.tawnymail.send.schedule.Pass;
import org.tawnymail.send.schedule.RetrySchedule;
import org.tawnymail.send.schedule.Schedule;
import org.tawnymail.send.schedule.Walk;

/**
 * Carries out what the {@link Schedule} wants of the queue, and answers it.
 *
 * <p>A queue that cannot do its work, because the disk is full or broken, costs a line in the log and another try later:
 * nothing is forgotten, and nothing is tried in a loop. A mark that could not be made keeps its recipient's pass open, so
 * that the recipient is not attempted again while this qmail-send runs. Used by one thread.
 */
final class QueueWork {

    /** How many marks may be in arrears before no more deliveries are started. */
    static final int MOST_ARREARS = 10_000;

    /** Seconds between two tries to make up arrears: as long as qmail sleeps when it cannot append to a bounce. */
    static final long ARREARS_RETRY = 10;

    private static final RecipientPage NOBODY = new RecipientPage(List.of(), RecipientPage.END);

    /** A recipient who failed, and the paragraph that tells the sender of it. */
    private record Failure(int recipient, String paragraph) {}

    /** Marks to make: who failed, and who has got the message. */
    private static final class Arrears {
        private final Delivery delivery;
        private final List<Failure> failures;
        private final int[] done;

        private Arrears(Delivery delivery, List<Failure> failures, int[] done) {
            this.delivery = delivery;
            this.failures = failures;
            this.done = done;
        }
    }

    private final Queue queue;
    private final Schedule schedule;
    private final Bounces bounces;
    private final SendSettings settings;
    private final DeliveryLog log;
    private final InstantSource clock;

    private RecipientRouting routing;
    private final ArrayDeque<Arrears> arrears = new ArrayDeque<>();
    private final Set<Long> bounced = new HashSet<>();

    /** Damaged messages that have left the queue while the schedule still knows them. */
    private final Set<Long> setAside = new HashSet<>();

    private long arrearsDue = Long.MAX_VALUE;
    private @Nullable Envelope lastEnvelope;

    QueueWork(
            Queue queue,
            Schedule schedule,
            Bounces bounces,
            SendSettings settings,
            RecipientRouting routing,
            DeliveryLog log,
            InstantSource clock) {
        this.queue = queue;
        this.schedule = schedule;
        this.bounces = bounces;
        this.settings = settings;
        this.routing = routing;
        this.log = log;
        this.clock = clock;
    }

    RecipientRouting routing() {
        return routing;
    }

    /** Messages are routed in this way from now on. */
    void routeBy(RecipientRouting changed) {
        routing = changed;
    }

    /** Whether a message has a sender that bounces have. */
    boolean mayBeBounce(long message) {
        try {
            String sender = envelope(message).sender();
            return sender.isEmpty() || sender.equals(BounceMessage.SENDER_OF_DOUBLE_BOUNCES);
        } catch (IOException | RuntimeException trouble) {
            // Whoever prepares the message will meet the same trouble and tells it.
            return false;
        }
    }

    /** Routes a message if it is not yet routed. */
    void prepare(long message) {
        boolean routed;
        OptionalLong localDue = OptionalLong.empty();
        OptionalLong remoteDue = OptionalLong.empty();
        Set<Channel> channels = EnumSet.noneOf(Channel.class);
        try {
            routed = queue.isRouted(message);
            if (routed) {
                localDue = due(message, Channel.LOCAL);
                remoteDue = due(message, Channel.REMOTE);
            } else {
                Envelope envelope = envelope(message);
                queue.route(message, address -> {
                    Routing way = routing.route(address);
                    channels.add(way.channel());
                    return way;
                });
                log.newMessage(message);
                log.info(envelope);
            }
        } catch (DamagedMessage damaged) {
            if (!setAside(message, damaged)) {
                schedule.notPrepared(now(), message);
            }
            return;
        } catch (IOException | RuntimeException trouble) {
            warn("warning: trouble reading todo/", message, "; will try again later", trouble);
            schedule.notPrepared(now(), message);
            return;
        }
        if (routed) {
            schedule.prepared(message, localDue, remoteDue);
        } else {
            schedule.routed(message, channels.contains(Channel.LOCAL), channels.contains(Channel.REMOTE));
        }
    }

    /** Reads recipients of a pass; with the first of them the envelope. */
    void read(Walk walk, int limit) {
        Pass pass = walk.pass();
        if (setAside.contains(pass.message())) {
            schedule.page(walk, now(), "", NOBODY);
            return;
        }
        long birth = pass.birth();
        String sender = pass.sender();
        RecipientPage page;
        try {
            if (!pass.isRead()) {
                Envelope envelope = envelope(pass.message());
                birth = envelope.birth().getEpochSecond();
                sender = envelope.sender();
            }
            page = queue.recipients(pass.message(), pass.channel(), walk.next(), limit);
        } catch (DamagedMessage damaged) {
            if (setAside(pass.message(), damaged)) {
                setAside.add(pass.message());
                schedule.page(walk, now(), "", NOBODY);
            } else {
                schedule.unreadable(now(), walk);
            }
            return;
        } catch (IOException | RuntimeException trouble) {
            warn(
                    "warning: trouble reading " + nameOf(pass.channel()),
                    pass.message(),
                    "; will try again later",
                    trouble);
            schedule.unreadable(now(), walk);
            return;
        }
        schedule.page(walk, birth, sender, page);
    }

    /** Marks who is done, and who failed with words for the sender. */
    void settle(Delivery delivery, List<Outcome> outcomes) {
        if (setAside.contains(delivery.message())) {
            schedule.settled(delivery);
            return;
        }
        Arrears work = arrears(delivery, outcomes);
        try {
            mark(work);
        } catch (IOException | RuntimeException trouble) {
            if (!work.failures.isEmpty()) {
                log.line("alert: unable to append to bounce message; will try again later");
            }
            String file = "warning: trouble marking " + nameOf(delivery.pass().channel());
            warn(file, delivery.message(), "; will try again later", trouble);
            arrears.add(work);
            arrearsDue = Math.min(arrearsDue, now() + ARREARS_RETRY);
            return;
        }
        schedule.settled(delivery);
    }

    /** Whether more deliveries may be started although marks are in arrears. */
    boolean mayStartMore() {
        return arrears.size() < MOST_ARREARS;
    }

    /** When {@link #makeUpArrears} has something to do; never, if nothing is in arrears. */
    long nextDue() {
        return arrearsDue;
    }

    /** Tries again, once each, what could not be marked. */
    void makeUpArrears() {
        for (int i = arrears.size(); i > 0; i--) {
            Arrears work = arrears.remove();
            try {
                mark(work);
            } catch (IOException | RuntimeException stillTrouble) {
                // Told when it happened first; told again if qmail-send ends before it could be made up.
                arrears.add(work);
                continue;
            }
            schedule.settled(work.delivery);
        }
        arrearsDue = arrears.isEmpty() ? Long.MAX_VALUE : now() + ARREARS_RETRY;
    }

    /** A message has nobody left to go to: sends its bounce, if there is any, and removes it. */
    void conclude(long message) {
        if (setAside.remove(message)) {
            log.end(message);
            return;
        }
        try {
            Optional<MessageSource> failures = bounced.contains(message) ? Optional.empty() : queue.bounceText(message);
            if (failures.isEmpty()) {
                finish(message);
                return;
            }
            BounceMessage bounce = BounceMessage.of(envelope(message).sender(), settings);
            if (bounce.kind() == BounceMessage.Kind.TRIPLE) {
                log.tripleBounce(message);
                bounced.add(message);
                finish(message);
            } else if (bounces.hasRoom()) {
                bounces.inject(message, bounce, failures.get(), queue.content(message), clock.instant());
            } else {
                bounces.add(message);
            }
        } catch (DamagedMessage damaged) {
            if (setAside(message, damaged)) {
                log.end(message);
            } else {
                schedule.notConcluded(message, now() + Schedule.SYSTEM_FAILURE_RETRY);
            }
        } catch (IOException | RuntimeException trouble) {
            warn("warning: trouble opening bounce/", message, "; will try again later", trouble);
            schedule.notConcluded(message, now() + Schedule.SYSTEM_FAILURE_RETRY);
        }
    }

    /** What the queue said to a bounce message. */
    void bounceEnded(long message, QueueResult result) {
        bounces.ended();
        switch (result) {
            case QueueResult.Accepted(long qp) -> {
                log.bounce(message, qp);
                bounced.add(message);
                finish(message);
            }
            case QueueResult.Refused(boolean permanent, String text) -> bounceRefused(message, permanent, text);
        }
        long next = bounces.next();
        if (next != Inbox.NOTHING) {
            conclude(next);
        }
    }

    /** Notes for the next start when everything is due, and tells which marks could not be made. */
    void end() {
        makeUpArrears();
        for (Arrears work : arrears) {
            String file =
                    "warning: trouble marking " + nameOf(work.delivery.pass().channel());
            log.trouble(file, work.delivery.message(), "; message will be delivered twice!");
        }
        for (Channel channel : Channel.values()) {
            schedule.forEachUnfinished(channel, now(), (due, message) -> noteDue(message, channel, due));
        }
    }

    private Arrears arrears(Delivery delivery, List<Outcome> outcomes) {
        List<Failure> failures = new ArrayList<>(0);
        int[] done = new int[delivery.size()];
        int count = 0;
        for (int i = 0; i < delivery.size(); i++) {
            int recipient = delivery.recipients().get(i).index();
            switch (outcomes.get(i)) {
                case Outcome.Deferred _ -> {}
                case Outcome.Failed(String report) -> {
                    String address = routing.withoutPrepend(delivery.address(i));
                    failures.add(new Failure(recipient, BounceMessage.paragraph(address, report)));
                }
                case Outcome.Delivered _ -> done[count++] = recipient;
            }
        }
        return new Arrears(delivery, failures, Arrays.copyOf(done, count));
    }

    /** May be called again: a recipient is marked, and told of, once. */
    private void mark(Arrears work) throws IOException {
        long message = work.delivery.message();
        for (Failure failure : work.failures) {
            queue.failed(message, failure.recipient, failure.paragraph);
        }
        if (work.done.length == 1) {
            queue.done(message, work.done[0]);
        } else if (work.done.length > 1) {
            queue.done(message, work.done);
        }
    }

    /** Gives a message up whose envelope is damaged; false if not even that can be done now. */
    private boolean setAside(long message, DamagedMessage damaged) {
        try {
            queue.setAside(message, String.valueOf(damaged.getMessage()));
            log.trouble("alert: msg ", message, " is damaged and cannot be delivered; see queue/damaged");
            return true;
        } catch (IOException | RuntimeException trouble) {
            warn("warning: unable to set mess/", message, " aside; will try again later", trouble);
            return false;
        }
    }

    /** A refusal for good is a filter's word on the bounce; it is believed when the message's time is over. */
    private void bounceRefused(long message, boolean permanent, String text) {
        log.line("warning: trouble injecting bounce message, will try later");
        log.line("warning: the queue says: ", text);
        long retry = now() + Schedule.SYSTEM_FAILURE_RETRY;
        try {
            long birth = envelope(message).birth().getEpochSecond();
            if (permanent && RetrySchedule.isLastTry(birth, now(), settings.queueLifetime())) {
                log.trouble("warning: refused for too long: discarding bounce/", message, "");
                bounced.add(message);
                finish(message);
                return;
            }
            retry = permanent ? Math.max(retry, RetrySchedule.nextTry(Channel.REMOTE, birth, now())) : retry;
        } catch (IOException | RuntimeException trouble) {
            warn("warning: trouble reading info/", message, "; will try again later", trouble);
        }
        schedule.notConcluded(message, retry);
    }

    /** Removes a message, whose bounce is sent if there was one. */
    private void finish(long message) {
        try {
            if (bounced.contains(message)) {
                queue.bounceSent(message);
            }
            queue.finish(message);
            bounced.remove(message);
            log.end(message);
        } catch (IOException | RuntimeException trouble) {
            warn("warning: unable to unlink mess/", message, "; will try again later", trouble);
            schedule.notConcluded(message, now() + Schedule.SYSTEM_FAILURE_RETRY);
        }
    }

    private void noteDue(long message, Channel channel, long due) {
        try {
            queue.due(message, channel, Instant.ofEpochSecond(due));
        } catch (IOException | RuntimeException trouble) {
            warn("warning: unable to utime " + nameOf(channel), message, "; message will be retried too soon", trouble);
        }
    }

    private OptionalLong due(long message, Channel channel) throws IOException {
        if (queue.remaining(message, channel) == 0) {
            return OptionalLong.empty();
        }
        OptionalLong noted = queue.due(message, channel);
        return noted.isPresent() ? noted : OptionalLong.of(now());
    }

    /** The envelope; that of a new message is asked for twice in a row. */
    private Envelope envelope(long message) throws IOException {
        Envelope known = lastEnvelope;
        if (known == null || known.number() != message) {
            known = queue.envelope(message);
            lastEnvelope = known;
        }
        return known;
    }

    /** The line that qmail has for it, and one with the reason. */
    private void warn(String before, long message, String after, Exception trouble) {
        log.trouble(before, message, after);
        // A defect's class says more than its message; an IOException's message says it all.
        String name = trouble.toString();
        log.line(
                "warning: the queue says: ",
                trouble instanceof IOException ? Objects.requireNonNullElse(trouble.getMessage(), name) : name);
    }

    private static String nameOf(Channel channel) {
        return channel.name().toLowerCase(Locale.ROOT) + "/";
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }
}
