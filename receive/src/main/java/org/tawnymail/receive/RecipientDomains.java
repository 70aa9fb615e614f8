package org.tawnymail.receive;

import java.io.IOException;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.cdb.Cdb;
import org.tawnymail.base.cdb.CdbFile;
import org.tawnymail.base.control.ControlFile;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.control.ControlMap;
import org.tawnymail.base.posix.Errno;

/**
 * The domains that mail is taken for: control {@code rcpthosts}, then {@code morercpthosts.cdb} (core spec, section 8.5).
 * Shared by the network's ways in. Safe for use by many threads.
 *
 * <p>Without {@code rcpthosts} the original takes mail for the whole world, and many a host was an open relay because a
 * file was missing. Here nothing is taken then, unless control {@code openrelay} says {@code 1}.
 */
final class RecipientDomains {

    private final ControlFiles files;
    private final CdbFile more;

    RecipientDomains(ControlFiles files) {
        this.files = files;
        this.more = new CdbFile(files.file(ControlFile.MORERCPTHOSTS_CDB));
    }

    /** The domains as they stand now, for one session. */
    Allowed now() throws IOException {
        Optional<ControlMap> listed = files.setIfThere(ControlFile.RCPTHOSTS);
        boolean open = listed.isEmpty() && files.number(ControlFile.OPENRELAY) > 0;
        return new Allowed(listed, open);
    }

    /** What one session goes by; for one thread. */
    final class Allowed {

        private final Optional<ControlMap> listed;
        private final boolean open;
        private boolean sought;
        private Optional<Cdb> found = Optional.empty();

        private Allowed(Optional<ControlMap> listed, boolean open) {
            this.listed = listed;
            this.open = open;
        }

        /**
         * Whether mail for an address is taken. An entry covers its domain; one that begins with a dot covers all hosts
         * below. An address without {@code @} is one of ours.
         *
         * @throws UnusableControls if {@code morercpthosts.cdb} is there and cannot be read
         */
        boolean covers(String recipient) throws UnusableControls {
            if (listed.isEmpty()) {
                return open;
            }
            int at = recipient.lastIndexOf('@');
            if (at < 0) {
                return true;
            }
            String domain = Octets.lowerCase(recipient.substring(at + 1));
            return listed.get().forDomain(domain).isPresent() || isInTable(domain);
        }

        private boolean isInTable(String domain) throws UnusableControls {
            try {
                return isInMore(domain);
            } catch (IOException e) {
                throw new UnusableControls("unable to read " + more.path() + ": " + Errno.text(e));
            }
        }

        private boolean isInMore(String domain) throws IOException {
            Optional<Cdb> table = more();
            if (domain.isEmpty() || table.isEmpty()) {
                return false;
            }
            boolean covered = table.get().contains(domain);
            for (int dot = domain.indexOf('.'); !covered && dot >= 0; dot = domain.indexOf('.', dot + 1)) {
                covered = table.get().contains(domain.substring(dot));
            }
            return covered;
        }

        /** Looked for at most once a session, and only if rcpthosts alone does not decide. */
        private Optional<Cdb> more() throws IOException {
            if (!sought) {
                sought = true;
                found = more.current();
            }
            return found;
        }
    }
}
