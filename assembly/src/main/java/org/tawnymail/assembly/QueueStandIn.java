package org.tawnymail.assembly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the administrator put in the place of {@code bin/qmail-queue}: a link to {@code qmail-qmqpc} on a host without a queue, or
 * to a program of the site's own. Our own link leads to the launcher.
 */
final class QueueStandIn {

    private static final String PLACE = "qmail-queue";
    private static final String LAUNCHER = "tawny";
    private static final String QMQPC = "qmail-qmqpc";

    /** What the link in a directory of programs leads to; nothing if that is ours, or no link. */
    static Optional<Path> in(Path bin) {
        Path place = bin.resolve(PLACE);
        if (!Files.isSymbolicLink(place)) {
            return Optional.empty();
        }
        try {
            Path target = bin.resolve(Files.readSymbolicLink(place)).normalize();
            return target.endsWith(LAUNCHER) ? Optional.empty() : Optional.of(target);
        } catch (IOException goneMeanwhile) {
            return Optional.empty();
        }
    }

    static boolean isQmqpc(Optional<Path> standIn) {
        return standIn.isPresent() && standIn.get().endsWith(QMQPC);
    }

    private QueueStandIn() {}
}
