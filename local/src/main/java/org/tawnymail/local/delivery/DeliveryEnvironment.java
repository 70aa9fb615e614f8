package org.tawnymail.local.delivery;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.tawnymail.base.program.Environment;

/**
 * The variables that a program of a {@code .qmail} file sees (core spec, section 6.7). Their values are what strangers
 * sent; quoting them in a shell is the duty of whoever writes the file.
 */
final class DeliveryEnvironment {

    /**
     * @param inherited what is kept of everything else
     * @param newSender the sender of what is forwarded
     * @param defaulted the part of the extension that {@code default} stands for; if nothing, the variable stays as it is
     */
    static Environment of(
            Environment inherited, Delivery delivery, String newSender, Optional<String> defaulted, Instant now) {
        Map<String, String> variables = new HashMap<>();
        variables.put("USER", delivery.user());
        variables.put("HOME", delivery.home());
        variables.put("LOCAL", delivery.local());
        variables.put("HOST", delivery.domain());
        variables.put("RECIPIENT", delivery.recipient());
        variables.put("SENDER", delivery.sender());
        variables.put("NEWSENDER", newSender);
        variables.put("DTLINE", delivery.deliveredTo());
        variables.put("RPLINE", delivery.returnPath());
        variables.put("UFLINE", delivery.fromLine(now));
        extensions(variables, delivery.ext());
        hosts(variables, delivery.domain());
        defaulted.ifPresent(part -> variables.put("DEFAULT", part));
        variables.replaceAll((name, value) -> untilNul(value));
        return inherited.with(variables);
    }

    private static void extensions(Map<String, String> variables, String ext) {
        String rest = ext;
        variables.put("EXT", rest);
        for (int n = 2; n <= 4; n++) {
            int dash = rest.indexOf('-');
            rest = dash < 0 ? "" : rest.substring(dash + 1);
            variables.put("EXT" + n, rest);
        }
    }

    private static void hosts(Map<String, String> variables, String domain) {
        String host = domain;
        for (int n = 2; n <= 4; n++) {
            int dot = host.lastIndexOf('.');
            host = dot < 0 ? host : host.substring(0, dot);
            variables.put("HOST" + n, host);
        }
    }

    /** No variable can hold a NUL. */
    private static String untilNul(String value) {
        int nul = value.indexOf('\0');
        return nul < 0 ? value : value.substring(0, nul);
    }

    private DeliveryEnvironment() {}
}
