package org.tawnymail.tcp.rules;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.cdb.Cdb;
import org.tawnymail.base.cdb.CdbFile;

/**
 * A rules file. It is asked anew for every connection, so that an edit needs no restart; the file is read again only
 * when it is another one than the last time. Safe for use by many threads.
 */
public final class Rules {

    private final CdbFile file;

    public Rules(Path file) {
        this.file = new CdbFile(file);
    }

    /**
     * The rule that decides.
     *
     * @param key the address it was written for
     */
    public record Rule(String key, Verdict verdict) {}

    /**
     * The first rule found for a caller; rules are never merged.
     *
     * @throws NoSuchFileException if there is no rules file
     */
    public Optional<Rule> rule(Caller caller) throws IOException {
        Cdb rules = file.current()
                .orElseThrow(() -> new NoSuchFileException(file.path().toString()));
        for (String key : caller.keys()) {
            Optional<byte[]> data = rules.get(Octets.of(key));
            if (data.isPresent()) {
                return Optional.of(new Rule(key, Verdict.of(data.get())));
            }
        }
        return Optional.empty();
    }
}
