package org.tawnymail.base.posix;

import java.io.FileDescriptor;
import java.util.Optional;

/** The three descriptors that the JDK itself knows by number. */
final class StandardDescriptor {

    static Optional<FileDescriptor> of(int number) {
        return switch (number) {
            case 0 -> Optional.of(FileDescriptor.in);
            case 1 -> Optional.of(FileDescriptor.out);
            case 2 -> Optional.of(FileDescriptor.err);
            default -> Optional.empty();
        };
    }

    private StandardDescriptor() {}
}
