package org.tawnymail.queue.messages;

import java.io.IOException;

/** So many messages wait that memory would not do for another. */
final class TooManyMessages extends IOException {

    TooManyMessages(int messages) {
        super(messages + " messages wait, and memory is set for no more: give the queue a larger heap with TAWNY_HEAP");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
