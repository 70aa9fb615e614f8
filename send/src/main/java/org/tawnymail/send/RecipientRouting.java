package org.tawnymail.send;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.tawnymail.base.control.ControlFile;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.control.ControlMap;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.Routing;

/**
 * Which way a recipient goes: to a mailbox here, under which name, or to another host (core spec, section 4.3). Decided
 * once for each recipient, when its message is taken up. Immutable.
 */
final class RecipientRouting {

    private final Optional<String> me;
    private final String hostOfBareNames;
    private final ControlMap percentHack;
    private final ControlMap locals;
    private final ControlMap virtualDomains;

    private RecipientRouting(
            Optional<String> me,
            String hostOfBareNames,
            ControlMap percentHack,
            ControlMap locals,
            ControlMap virtualDomains) {
        this.me = me;
        this.hostOfBareNames = hostOfBareNames;
        this.percentHack = percentHack;
        this.locals = locals;
        this.virtualDomains = virtualDomains;
    }

    /**
     * Reads {@code me}, {@code envnoathost}, {@code percenthack}, {@code locals} and {@code virtualdomains}.
     *
     * @throws IOException if one of them cannot be read, or neither {@code locals} nor {@code me} is there
     */
    static RecipientRouting read(ControlFiles controls) throws IOException {
        return new RecipientRouting(
                controls.me(),
                controls.line(ControlFile.ENVNOATHOST),
                controls.set(ControlFile.PERCENTHACK),
                controls.set(ControlFile.LOCALS),
                controls.map(ControlFile.VIRTUALDOMAINS));
    }

    /**
     * The same with {@code locals} and {@code virtualdomains} as they are now; with the old ones if either cannot be
     * read. {@code me} is that of the start.
     *
     * @param alerts is told what cannot be read
     */
    RecipientRouting reread(ControlFiles controls, Consumer<String> alerts) {
        if (!Files.isDirectory(controls.directory())) {
            alerts.accept("alert: unable to reread controls: unable to switch to home directory");
            return this;
        }
        Optional<ControlMap> newLocals;
        try {
            newLocals =
                    controls.setIfThere(ControlFile.LOCALS).or(() -> me.map(host -> ControlMap.ofKeys(List.of(host))));
        } catch (IOException unreadable) {
            newLocals = Optional.empty();
        }
        if (newLocals.isEmpty()) {
            alerts.accept("alert: unable to reread control/locals");
            return this;
        }
        try {
            ControlMap newVirtualDomains = controls.map(ControlFile.VIRTUALDOMAINS);
            return new RecipientRouting(me, hostOfBareNames, percentHack, newLocals.get(), newVirtualDomains);
        } catch (IOException unreadable) {
            alerts.accept("alert: unable to reread control/virtualdomains");
            return this;
        }
    }

    /** The way of one recipient. */
    Routing route(String submitted) {
        String address = withoutPercents(submitted.indexOf('@') < 0 ? submitted + "@" + hostOfBareNames : submitted);
        String domain = domainOf(address);
        if (locals.contains(domain)) {
            return new Routing(Channel.LOCAL, address);
        }
        Optional<String> prepend = virtualDomains
                .get(address)
                .or(() -> virtualDomains.forDomain(domain))
                .or(() -> virtualDomains.get(""));
        return prepend.isPresent() && !prepend.get().isEmpty()
                ? new Routing(Channel.LOCAL, prepend.get() + "-" + address)
                : new Routing(Channel.REMOTE, address);
    }

    /**
     * An address as its sender knows it: without the prepend of a virtual domain. That of a virtual user stays, as it
     * does in qmail (core spec, section 4.9).
     */
    String withoutPrepend(String address) {
        Optional<String> prepend = virtualDomains.forDomain(domainOf(address)).or(() -> virtualDomains.get(""));
        return prepend.filter(user -> !user.isEmpty() && address.startsWith(user + "-"))
                .map(user -> address.substring(user.length() + 1))
                .orElse(address);
    }

    /** {@code a%b@hub} is {@code a@b} if hub does that for its users. */
    private String withoutPercents(String submitted) {
        String address = submitted;
        while (percentHack.contains(domainOf(address))) {
            int at = address.lastIndexOf('@');
            int percent = address.lastIndexOf('%', at);
            if (percent < 0) {
                break;
            }
            address = address.substring(0, percent) + "@" + address.substring(percent + 1, at);
        }
        return address;
    }

    private static String domainOf(String address) {
        return address.substring(address.lastIndexOf('@') + 1);
    }
}
