package org.tawnymail.send;

import java.io.IOException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Outcome;
import org.tawnymail.base.address.Verp;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.Queue;
import org.tawnymail.queue.Recipient;
import org.tawnymail.send.schedule.Delivery;

/**
 * Makes delivery attempts, each on a virtual thread of its own, and tells the {@link Inbox} what became of them. Whatever
 * an agent does, each attempt that was started ends with exactly one event.
 */
final class Deliveries {

    /** No more of a report is kept (core spec, section 4.8). */
    static final int LONGEST_REPORT = 10_000;

    /** What qmail's spawners say of a message that they cannot open (core spec, section 5.1). */
    private static final Outcome NO_MESSAGE = new Outcome.Deferred("qmail-spawn unable to open message. (#4.3.0)\n");

    private final Queue queue;
    private final Map<Channel, DeliveryAgent> agents;
    private final Inbox inbox;
    private final Set<Thread> underway = ConcurrentHashMap.newKeySet();
    private final Thread.Builder threads = Thread.ofVirtual().inheritInheritableThreadLocals(false);

    Deliveries(Queue queue, Map<Channel, DeliveryAgent> agents, Inbox inbox) {
        this.queue = queue;
        this.agents = new EnumMap<>(agents);
        this.inbox = inbox;
    }

    void start(Delivery delivery) {
        Thread thread = threads.unstarted(() -> attempt(delivery));
        underway.add(thread);
        thread.start();
    }

    /** Asks what is still under way to end at once. */
    void interrupt() {
        underway.forEach(Thread::interrupt);
    }

    // An agent may be anything, and a slot whose thread dies without an outcome is lost for ever: so all is caught.
    private void attempt(Delivery delivery) {
        List<Outcome> outcomes = forAll(delivery, NO_MESSAGE);
        String defect = "";
        try {
            outcomes = bounded(deliver(delivery));
        } catch (DeliveryAgent.Lost lost) {
            end(new Inbox.Event.AgentLost(delivery.pass().channel()));
            return;
        } catch (DeliveryAgent.Mangled mangled) {
            end(new Inbox.Event.DeliveryMangled(delivery));
            return;
        } catch (IOException unreadable) {
            defect = String.valueOf(unreadable.getMessage());
        } catch (Throwable broken) {
            outcomes = forAll(delivery, crash(delivery.pass().channel()));
            defect = broken.toString();
        }
        end(new Inbox.Event.DeliveryEnded(delivery, outcomes, defect));
    }

    private void end(Inbox.Event how) {
        underway.remove(Thread.currentThread());
        inbox.tell(how);
    }

    private List<Outcome> deliver(Delivery delivery) throws IOException, DeliveryAgent.Lost, DeliveryAgent.Mangled {
        MessageSource content = queue.content(delivery.message());
        String sender = delivery.pass().sender();
        DeliveryAgent agent = Objects.requireNonNull(agents.get(delivery.pass().channel()), "no agent for the channel");
        if (delivery.size() == 1) {
            String recipient = delivery.address(0);
            Outcome outcome = agent.deliver(delivery.message(), content, Verp.expand(sender, recipient), recipient);
            return List.of(Objects.requireNonNull(outcome, "the agent gave no outcome"));
        }
        List<String> recipients =
                delivery.recipients().stream().map(Recipient::address).toList();
        List<Outcome> outcomes = List.copyOf(agent.deliver(delivery.message(), content, sender, recipients));
        if (outcomes.size() != recipients.size()) {
            throw new IllegalStateException("the agent gave another number of outcomes than there are recipients");
        }
        return outcomes;
    }

    private static List<Outcome> forAll(Delivery delivery, Outcome outcome) {
        return Collections.nCopies(delivery.size(), outcome);
    }

    /** What the spawners say of a child that was killed (core spec, sections 5.2 and 7.1). */
    private static Outcome crash(Channel channel) {
        return new Outcome.Deferred(
                switch (channel) {
                    case LOCAL -> "qmail-local crashed.\n";
                    case REMOTE -> "qmail-remote crashed.\n";
                });
    }

    private static List<Outcome> bounded(List<Outcome> outcomes) {
        return outcomes.stream().map(Deliveries::bounded).toList();
    }

    private static Outcome bounded(Outcome outcome) {
        String text = outcome.text();
        int nul = text.indexOf('\0');
        int end = Math.min(nul < 0 ? text.length() : nul, LONGEST_REPORT);
        if (end == text.length()) {
            return outcome;
        }
        String kept = text.substring(0, end);
        return switch (outcome) {
            case Outcome.Delivered delivered -> new Outcome.Delivered(kept);
            case Outcome.Deferred deferred -> new Outcome.Deferred(kept);
            case Outcome.Failed failed -> new Outcome.Failed(kept);
        };
    }
}
