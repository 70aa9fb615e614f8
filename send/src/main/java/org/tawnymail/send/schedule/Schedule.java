package org.tawnymail.send.schedule;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.Outcome;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.Recipient;
import org.tawnymail.queue.RecipientPage;

/**
 * qmail-send's decisions as one deterministic state machine: events and the time go in, {@link Effect}s come out.
 *
 * <p>It does no input or output, knows no threads, and asks no clock: the same events give the same effects, so a
 * simulator can run a month of retries in milliseconds. Times are whole seconds since 1970. Used by one thread.
 *
 * <p>The life of a message here: {@link #arrived}, {@link #prepared} (it waits on one channel or both), on each channel
 * {@linkplain Pass passes} until nobody is left, concluded. What waits is a number and a time; nothing else of a message
 * is kept while it waits.
 */
public final class Schedule {

    /** Is shown what waits. */
    public interface Waiting {
        void waits(long due, long message);
    }

    /** What failed because of the system, rather than the mail, is tried again after this time (core spec, 4.6). */
    public static final long SYSTEM_FAILURE_RETRY = 123;

    /** Of what failed because of the system, so much is tried again before other things are looked at. */
    private static final int MOST_AGAIN_PER_TURN = 64;

    /** Ends the report of what was deferred for the last time; also seen in bounces (core spec, section 4.7). */
    private static final String GIVING_UP =
            "I'm not going to try again; this message has been in the queue too long.\n";

    private final ChannelSchedule local;
    private final ChannelSchedule remote;
    private final ArrayDeque<Effect> effects = new ArrayDeque<>();
    private final DueHeap unprepared = new DueHeap();
    private final DueHeap unconcluded = new DueHeap();
    private final Set<Long> onBothChannels = new HashSet<>();

    private long deliveries;
    private boolean stopping;

    /**
     * @param localSlots how many local deliveries may be under way at one time; 0 holds them
     * @param lifetime how many seconds a message is tried for
     * @param together how many recipients at one host may share a remote delivery
     */
    public Schedule(int localSlots, int remoteSlots, long lifetime, int together) {
        this(localSlots, remoteSlots, lifetime, together, ScheduleBounds.USUAL);
    }

    Schedule(int localSlots, int remoteSlots, long lifetime, int together, ScheduleBounds bounds) {
        local = new ChannelSchedule(Channel.LOCAL, localSlots, lifetime, 1, bounds);
        remote = new ChannelSchedule(Channel.REMOTE, remoteSlots, lifetime, together, bounds);
    }

    /** The next thing to do, in order; null if there is none. */
    @Nullable
    public Effect poll() {
        return effects.poll();
    }

    public void arrived(long message) {
        effects.add(new Effect.Prepare(message));
    }

    /** A new message is routed: it has recipients here, or on other hosts, or both, or none at all. */
    public void routed(long message, boolean toLocal, boolean toRemote) {
        if (toLocal) {
            local.addNew(message);
        }
        if (toRemote) {
            remote.addNew(message);
        }
        added(message, toLocal, toRemote);
    }

    /**
     * A message was routed before this qmail-send was started.
     *
     * @param localDue when its recipients here are due; nothing if none are left
     */
    public void prepared(long message, OptionalLong localDue, OptionalLong remoteDue) {
        if (localDue.isPresent()) {
            local.add(localDue.getAsLong(), message);
        }
        if (remoteDue.isPresent()) {
            remote.add(remoteDue.getAsLong(), message);
        }
        added(message, localDue.isPresent(), remoteDue.isPresent());
    }

    public void notPrepared(long now, long message) {
        unprepared.add(now + SYSTEM_FAILURE_RETRY, message);
    }

    /** The recipients that an effect asked for, with what the envelope says of the message. */
    public void page(Walk walk, long birth, String sender, RecipientPage recipients) {
        on(walk.pass().channel()).page(walk, birth, sender, recipients);
    }

    public void unreadable(long now, Walk walk) {
        Pass pass = walk.pass();
        on(pass.channel()).unreadable(walk, now + SYSTEM_FAILURE_RETRY);
        closeIfOver(pass);
    }

    /**
     * @param reported one for each recipient
     */
    public void outcome(long now, Delivery delivery, List<Outcome> reported) {
        Pass pass = delivery.pass();
        List<Outcome> outcomes =
                pass.isLast() ? reported.stream().map(Schedule::lastWord).toList() : reported;
        on(pass.channel()).ended(delivery, now);
        effects.add(new Effect.Report(delivery, outcomes));
        int deferred = 0;
        for (Outcome outcome : outcomes) {
            deferred += outcome instanceof Outcome.Deferred ? 1 : 0;
        }
        if (deferred > 0) {
            pass.deferred();
        }
        if (deferred < outcomes.size()) {
            effects.add(new Effect.Settle(delivery, outcomes));
        } else {
            pass.settled();
        }
        showStatus();
        closeIfOver(pass);
    }

    /** A delivery has ended and nobody knows how: it is made again, even if it was to be the last. */
    public void mangled(long now, Delivery delivery) {
        Pass pass = delivery.pass();
        on(pass.channel()).ended(delivery, now);
        effects.add(new Effect.ReportMangled(delivery));
        pass.deferred();
        pass.settled();
        showStatus();
        closeIfOver(pass);
    }

    /** What makes the deliveries of a channel is gone: those under way never end, and no more are started. */
    public void lost(Channel channel) {
        on(channel).lost();
        stop();
    }

    /** The recipients of a delivery who are done are marked so. */
    public void settled(Delivery delivery) {
        delivery.pass().settled();
        closeIfOver(delivery.pass());
    }

    public void notConcluded(long message, long tryAgainAt) {
        unconcluded.add(tryAgainAt, message);
    }

    /** Everything that waits for a retry is due now. */
    public void alarm(long now) {
        local.makeAllDue(now);
        remote.makeAllDue(now);
    }

    /** No deliveries are started and no messages prepared from now on; those under way end. */
    public void stop() {
        stopping = true;
    }

    /** Time has passed, or something has happened: starts what can be started. */
    public void turn(long now) {
        if (stopping) {
            return;
        }
        for (int i = 0; i < MOST_AGAIN_PER_TURN && unprepared.isDue(now); i++) {
            effects.add(new Effect.Prepare(unprepared.poll()));
        }
        for (int i = 0; i < MOST_AGAIN_PER_TURN && unconcluded.isDue(now); i++) {
            effects.add(new Effect.Conclude(unconcluded.poll()));
        }
        local.beginTurn(now);
        remote.beginTurn(now);
        goOn(now);
    }

    /** Goes on with the same turn, after recipients that an effect asked for have been read. */
    public void goOn(long now) {
        if (!stopping) {
            startOn(local, now);
            startOn(remote, now);
        }
    }

    /** When {@link #turn} has something to do without a further event; never, if it has not. */
    public long nextDue(long now) {
        if (stopping) {
            return Long.MAX_VALUE;
        }
        if (local.hasMoreToLookAt() || remote.hasMoreToLookAt()) {
            return now;
        }
        return Math.min(
                Math.min(local.nextDue(), remote.nextDue()), Math.min(unprepared.nextDue(), unconcluded.nextDue()));
    }

    /** How many deliveries are under way, and can end. */
    public int underway() {
        return local.underway() + remote.underway();
    }

    /** Logs how many deliveries are under way, out of how many. */
    public void showStatus() {
        effects.add(new Effect.ShowStatus(local.used(), remote.used(), stopping));
    }

    /** Shows when each unfinished message of a channel is due: for the next start. */
    public void forEachUnfinished(Channel channel, long now, Waiting visitor) {
        on(channel).forEachUnfinished(now, visitor);
    }

    private void startOn(ChannelSchedule channel, long now) {
        while (true) {
            switch (channel.next(now)) {
                case ChannelSchedule.Step.Nothing nothing -> {
                    return;
                }
                case ChannelSchedule.Step.Read(Walk walk, int limit) -> {
                    effects.add(new Effect.ReadRecipients(walk, limit));
                    return;
                }
                case ChannelSchedule.Step.Start(Pass pass, List<Recipient> recipients, Slot slot) -> {
                    effects.add(new Effect.Start(new Delivery(deliveries + 1, pass, recipients, slot)));
                    deliveries += recipients.size();
                    showStatus();
                }
                case ChannelSchedule.Step.Close(Pass pass) -> closeIfOver(pass);
            }
        }
    }

    private void added(long message, boolean toLocal, boolean toRemote) {
        if (toLocal && toRemote) {
            onBothChannels.add(message);
        } else if (!toLocal && !toRemote) {
            effects.add(new Effect.Conclude(message));
        }
    }

    private void closeIfOver(Pass pass) {
        if (!pass.isOver()) {
            return;
        }
        on(pass.channel()).close(pass);
        if (!pass.leavesWork() && !onBothChannels.remove(pass.message())) {
            effects.add(new Effect.Conclude(pass.message()));
        }
    }

    private static Outcome lastWord(Outcome outcome) {
        return outcome instanceof Outcome.Deferred(String text)
                ? new Outcome.Failed(text.isEmpty() || text.endsWith("\n") ? text + GIVING_UP : text + "\n" + GIVING_UP)
                : outcome;
    }

    private ChannelSchedule on(Channel channel) {
        return switch (channel) {
            case LOCAL -> local;
            case REMOTE -> remote;
        };
    }
}
