package org.tawnymail.remote;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Outcome;
import org.tawnymail.remote.smtp.Letter;
import org.tawnymail.remote.smtp.Report;

/**
 * One message for several recipients at one host, in as few transactions as the host allows. Who is one too many for a transaction
 * goes into the next one, as long as each brings the message to somebody (RFC 5321, section 4.5.3.1.10). Used by one thread.
 */
final class SharedDelivery {

    private final Transfer transfer;
    private final RemoteSettings settings;
    private final MessageSource message;
    private final String host;
    private final String sender;
    private final List<String> recipients;
    private final Outcome[] outcomes;

    SharedDelivery(
            Transfer transfer,
            RemoteSettings settings,
            MessageSource message,
            String host,
            String sender,
            List<String> recipients) {
        this.transfer = transfer;
        this.settings = settings;
        this.message = message;
        this.host = host;
        this.sender = sender;
        this.recipients = recipients;
        this.outcomes = new Outcome[recipients.size()];
    }

    /** One for each recipient, in their order. */
    List<Outcome> outcomes() {
        List<Integer> left = new ArrayList<>(recipients.size());
        for (int i = 0; i < recipients.size(); i++) {
            if (Transfer.isUnspeakable(recipients.get(i))) {
                outcomes[i] = Reports.unspeakableAddress().message();
            } else {
                left.add(i);
            }
        }
        while (!left.isEmpty()) {
            left = carry(left);
        }
        return Arrays.asList(outcomes);
    }

    /** Makes one transaction; the answer is who may be in the next one. */
    private List<Integer> carry(List<Integer> places) {
        Report report = report(places.stream().map(recipients::get).toList());
        List<Integer> surplus = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            outcomes[places.get(i)] = report.outcome(i);
            if (report.isSurplus(i)) {
                surplus.add(places.get(i));
            }
        }
        return report.message() instanceof Outcome.Delivered ? surplus : List.of();
    }

    private Report report(List<String> some) {
        try (Letter letter = Letter.of(message)) {
            return transfer.carry(settings, letter, host, sender, some);
        } catch (IOException unreadable) {
            return Reports.unreadableMessage();
        }
    }
}
