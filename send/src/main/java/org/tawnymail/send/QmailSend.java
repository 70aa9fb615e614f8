package org.tawnymail.send;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.Queue;
import org.tawnymail.queue.QueueClient;
import org.tawnymail.send.schedule.Delivery;
import org.tawnymail.send.schedule.Effect;
import org.tawnymail.send.schedule.Schedule;
import org.tawnymail.send.schedule.Walk;

/**
 * qmail-send: delivers what is in the queue (core spec, section 4).
 *
 * <p>One thread runs the {@link Schedule} over what the {@link Inbox} tells it; deliveries and the injection of bounces
 * run beside it on virtual threads. Marks in the queue are made by the one thread: they are appends that nobody waits for
 * the disk for.
 *
 * <p>{@link #start} once, then any of the signals, {@link #terminate} once. Safe for use by many threads.
 */
public final class QmailSend {

    /** How many new messages, and found ones, are looked at before outcomes are looked at again. */
    private static final int MOST_ARRIVALS_PER_TURN = 64;

    /** The clock may be set while qmail-send sleeps, so it looks at it now and then. */
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(60);

    private static final Duration LONGEST_PATIENCE = Duration.ofDays(1);

    /** Beyond the patience of {@link #terminate}: for storing due times and the last lines of the log. */
    private static final Duration TIME_TO_END = Duration.ofSeconds(30);

    private final Queue queue;
    private final ControlFiles controls;
    private final SendSettings settings;
    private final InstantSource clock;
    private final PatientLog patientLog;
    private final DeliveryLog log;

    private final Inbox inbox = new Inbox();
    private final Schedule schedule;
    private final Bounces bounces;
    private final Deliveries deliveries;
    private final QueueWork queueWork;
    private final HeldArrivals held;
    private final Thread thread = Thread.ofPlatform().name("qmail-send").unstarted(this::run);

    private final Set<Channel> lost = EnumSet.noneOf(Channel.class);
    private boolean stopping;
    private long giveUpMillis = Long.MAX_VALUE;
    private volatile @Nullable Throwable defect;

    /**
     * Reads the control files.
     *
     * @param queue what to deliver
     * @param client how bounces are submitted
     * @param agents what makes deliveries, one for each channel
     * @param log where the log goes; it is not closed
     * @param environment that of the bounces that are submitted: decides about {@code QMAILQUEUE}
     * @throws Complaint if a control file cannot be read, or neither {@code locals} nor {@code me} exists; the log says so
     *     too
     */
    public QmailSend(
            Queue queue,
            QueueClient client,
            ControlFiles controls,
            Map<Channel, DeliveryAgent> agents,
            InstantSource clock,
            OutputStream log,
            Environment environment)
            throws Complaint {
        this.queue = queue;
        this.controls = controls;
        this.clock = clock;
        RecipientRouting routing;
        try {
            this.settings = SendSettings.read(controls)
                    .within(capacity(agents, Channel.LOCAL), capacity(agents, Channel.REMOTE));
            routing = RecipientRouting.read(controls);
        } catch (IOException unreadable) {
            throw cannotStart(unreadable, log);
        }
        patientLog = new PatientLog(log, PatientLog.PATIENCE);
        this.log = new DeliveryLog(patientLog);
        schedule = new Schedule(
                settings.concurrencyLocal(),
                settings.concurrencyRemote(),
                settings.queueLifetime(),
                Math.min(settings.recipientsTogether(), mostTogether(agents)));
        bounces = new Bounces(client, environment, inbox);
        deliveries = new Deliveries(queue, agents, inbox);
        queueWork = new QueueWork(queue, schedule, bounces, settings, routing, this.log, clock);
        held = new HeldArrivals(clock);
    }

    private static int capacity(Map<Channel, DeliveryAgent> agents, Channel channel) {
        DeliveryAgent agent = agents.get(channel);
        return agent == null ? 0 : agent.capacity();
    }

    private static int mostTogether(Map<Channel, DeliveryAgent> agents) {
        DeliveryAgent remote = agents.get(Channel.REMOTE);
        return remote == null ? 1 : remote.mostTogether();
    }

    /**
     * Reads the control files and forgets them: for whoever has to know that they can be read before anything else is done.
     *
     * @throws Complaint as the constructor does
     */
    public static void checkControls(ControlFiles controls, OutputStream log) throws Complaint {
        try {
            SendSettings.read(controls);
            RecipientRouting.read(controls);
        } catch (IOException unreadable) {
            throw cannotStart(unreadable, log);
        }
    }

    /**
     * What makes of the address of a local recipient, as qmail-send has routed it, the one that was submitted: the prepend of a
     * virtual domain goes.
     *
     * @throws IOException if the control files cannot be read
     */
    public static UnaryOperator<String> withoutPrepends(ControlFiles controls) throws IOException {
        return RecipientRouting.read(controls)::withoutPrepend;
    }

    /** Begins: first with the unfinished messages of the queue, each when it is due. */
    public void start() throws IOException {
        try {
            queue.start(inbox);
            inbox.allFound();
        } catch (IOException | RuntimeException unusable) {
            patientLog.close();
            throw unusable;
        }
        thread.start();
    }

    /** ALRM: everything that waits for a retry is due now. */
    public void alarm() {
        inbox.tell(new Inbox.Event.Alarm());
    }

    /** HUP: rereads {@code locals} and {@code virtualdomains}, for messages that are not yet routed. */
    public void hangup() {
        inbox.tell(new Inbox.Event.Hangup());
    }

    /** What makes the deliveries of a channel is gone: waits for those of the other channel and ends. */
    public void agentLost(Channel channel) {
        inbox.tell(new Inbox.Event.AgentLost(channel));
    }

    /** Logs a line of whoever makes the deliveries. */
    public void remark(String line) {
        inbox.tell(new Inbox.Event.Remark(line));
    }

    /**
     * TERM: starts nothing more, waits for the deliveries under way and for the bounces they cause, stores when everything
     * is due, and ends.
     *
     * @param patience how long to wait for deliveries, at most a day; those that take longer are interrupted, and
     *     repeated after the next start
     * @return whether everything that was under way has ended
     */
    public boolean terminate(Duration patience) throws InterruptedException {
        Duration wait = patience.compareTo(LONGEST_PATIENCE) < 0 ? patience : LONGEST_PATIENCE;
        inbox.tell(new Inbox.Event.Terminate(wait));
        return thread.join(wait.plus(TIME_TO_END)) && schedule.underway() == 0 && defect == null;
    }

    /**
     * Waits until it has ended, which is after {@link #terminate}.
     *
     * @throws IllegalStateException if it has ended by a defect, which the log names too
     */
    public void awaitEnd() throws InterruptedException {
        thread.join();
        if (defect != null) {
            throw new IllegalStateException("qmail-send broke", defect);
        }
    }

    // A mail server whose one deciding thread has died silently delivers nothing; so the log gets a word in any case.
    private void run() {
        try {
            work();
        } catch (Throwable broken) {
            defect = broken;
            log.line("alert: oh no! qmail-send broke! dying... ", broken.toString());
        } finally {
            log.flush();
            patientLog.close();
        }
    }

    private void work() {
        schedule.showStatus();
        while (true) {
            takeEvents();
            takeArrivals();
            carryOut();
            if (now() >= queueWork.nextDue()) {
                queueWork.makeUpArrears();
            }
            if (queueWork.mayStartMore()) {
                schedule.turn(now());
            }
            carryOut();
            if (stopping && (isQuiet() || clock.millis() >= giveUpMillis)) {
                end();
                return;
            }
            if (inbox.isEmpty()) {
                sleep();
            }
        }
    }

    private void takeEvents() {
        for (Inbox.Event event = inbox.event(); event != null; event = inbox.event()) {
            switch (event) {
                case Inbox.Event.DeliveryEnded(Delivery delivery, var outcomes, String broken) -> {
                    if (!broken.isEmpty()) {
                        log.line("alert: delivery " + delivery.number() + " broke: ", broken);
                    }
                    schedule.outcome(now(), delivery, outcomes);
                }
                case Inbox.Event.DeliveryMangled(Delivery delivery) -> schedule.mangled(now(), delivery);
                case Inbox.Event.AgentLost(Channel channel) -> lose(channel);
                case Inbox.Event.Remark(String line) -> log.line(line);
                case Inbox.Event.BounceEnded(long message, var result) -> queueWork.bounceEnded(message, result);
                case Inbox.Event.Alarm alarm -> schedule.alarm(now());
                case Inbox.Event.Hangup hangup ->
                    queueWork.routeBy(queueWork.routing().reread(controls, log::line));
                case Inbox.Event.Terminate(Duration patience) -> stop(patience);
            }
            carryOut();
        }
    }

    private void takeArrivals() {
        if (stopping) {
            return;
        }
        if (bounces.underway() == 0 || held.isTooLate()) {
            held.release(schedule::arrived);
        }
        for (int i = 0; i < MOST_ARRIVALS_PER_TURN; i++) {
            long message = inbox.arrival();
            if (message == Inbox.NOTHING) {
                break;
            }
            if (bounces.underway() > 0 && queueWork.mayBeBounce(message)) {
                held.add(message);
            } else {
                schedule.arrived(message);
            }
        }
        for (int i = 0; i < MOST_ARRIVALS_PER_TURN; i++) {
            long message = inbox.found();
            if (message == Inbox.NOTHING) {
                return;
            }
            schedule.arrived(message);
        }
    }

    private void carryOut() {
        for (Effect effect = schedule.poll(); effect != null; effect = schedule.poll()) {
            switch (effect) {
                case Effect.Prepare(long message) -> queueWork.prepare(message);
                case Effect.ReadRecipients(Walk walk, int limit) -> {
                    queueWork.read(walk, limit);
                    schedule.goOn(now());
                }
                case Effect.Start(Delivery delivery) -> {
                    log.starting(delivery);
                    deliveries.start(delivery);
                }
                case Effect.Report(Delivery delivery, var outcomes) -> log.report(delivery, outcomes);
                case Effect.ReportMangled(Delivery delivery) -> log.mangled(delivery);
                case Effect.Settle(Delivery delivery, var outcomes) -> queueWork.settle(delivery, outcomes);
                case Effect.ShowStatus(int local, int remote, boolean exiting) ->
                    log.status(local, settings.concurrencyLocal(), remote, settings.concurrencyRemote(), exiting);
                case Effect.Conclude(long message) -> queueWork.conclude(message);
            }
        }
    }

    private void lose(Channel channel) {
        if (lost.add(channel)) {
            log.line("alert: oh no! lost spawn connection! dying...");
            stopping = true;
            schedule.lost(channel);
        }
    }

    private void stop(Duration patience) {
        stopping = true;
        giveUpMillis = clock.millis() + patience.toMillis();
        schedule.stop();
    }

    private boolean isQuiet() {
        return schedule.underway() == 0 && bounces.underway() == 0;
    }

    private void end() {
        if (schedule.underway() > 0) {
            deliveries.interrupt();
            log.line("warning: " + schedule.underway()
                    + " deliveries are still under way; their messages may be delivered twice");
        }
        queueWork.end();
        log.exiting();
    }

    private void sleep() {
        log.flush();
        long millis = LONGEST_SLEEP.toMillis();
        long due = Math.min(queueWork.nextDue(), queueWork.mayStartMore() ? schedule.nextDue(now()) : Long.MAX_VALUE);
        if (due <= now()) {
            return;
        }
        if (due < Long.MAX_VALUE / 1000) {
            millis = Math.min(millis, due * 1000 - clock.millis());
        }
        millis = Math.min(millis, stopping ? giveUpMillis - clock.millis() : held.millisToWait());
        if (millis > 0) {
            inbox.sleep(Duration.ofMillis(millis));
        }
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    private static Complaint cannotStart(IOException unreadable, OutputStream log) {
        DeliveryLog lastWords = new DeliveryLog(log);
        lastWords.line("alert: cannot start: unable to read controls");
        lastWords.flush();
        return new Complaint(
                ExitCode.TEMPORARY, "alert: cannot start: unable to read controls: " + unreadable.getMessage());
    }
}
