package org.tawnymail.base.posix;

import java.io.IOException;

/** A call to the operating system failed. The message is {@code what: text}, the text in qmail's words. */
public final class SystemError extends IOException {

    private final int errno;

    /**
     * @param what what was attempted and on which file, such as {@code unable to lock /var/mail/ann}
     * @param errno the number of the error, see {@link Errno}
     */
    public SystemError(String what, int errno) {
        super(what + ": " + Errno.text(errno));
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }

    /** The error alone, in qmail's words. */
    public String text() {
        return Errno.text(errno);
    }

    /** Whether a later attempt may succeed (core spec, section 15.2). */
    public boolean isTemporary() {
        return Errno.isTemporary(errno);
    }

    boolean is(Errno error) {
        return errno == error.number();
    }
}
