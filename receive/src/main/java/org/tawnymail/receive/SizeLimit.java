package org.tawnymail.receive;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.tawnymail.base.control.ControlFile;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.program.Environment;

/** How large a message may be (core spec, section 8.1). Shared by SMTP and QMTP. */
final class SizeLimit {

    /** In bytes: variable {@code DATABYTES}, else control {@code databytes}; nothing if there is no limit. */
    static OptionalLong read(ControlFiles files, Environment environment) throws IOException {
        Optional<String> variable = environment.get("DATABYTES");
        long bytes = variable.isPresent()
                ? ControlFiles.leadingDigits(variable.get()).orElse(0)
                : files.number(ControlFile.DATABYTES);
        return bytes > 0 ? OptionalLong.of(bytes) : OptionalLong.empty();
    }

    private SizeLimit() {}
}
