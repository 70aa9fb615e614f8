package org.tawnymail.queue.adopt;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.messages.AdoptedEnvelope;
import org.tawnymail.queue.messages.AdoptedMessage;
import org.tawnymail.queue.messages.Adoption;
import org.tawnymail.queue.messages.Provenance;

/** Where the messages of an old queue go. */
sealed interface Destination {

    /** Whether messages leave the old queue. */
    boolean isReal();

    /** What an earlier run had taken in when it was cut short: its files may be there still. */
    Set<Provenance> takenBefore();

    AdoptedMessage begin() throws IOException;

    /** Everything that was committed is made safe; then the files of these messages leave the old queue. */
    void settle(List<Long> numbers) throws IOException;

    /** Our queue. */
    record Ours(OldQueue old, Adoption adoption) implements Destination {

        @Override
        public boolean isReal() {
            return true;
        }

        @Override
        public Set<Provenance> takenBefore() {
            return adoption.takenBefore();
        }

        @Override
        public AdoptedMessage begin() throws IOException {
            return adoption.begin();
        }

        @Override
        public void settle(List<Long> numbers) throws IOException {
            adoption.settle();
            old.remove(numbers);
            adoption.cleaned();
        }
    }

    /** Nothing happens: everything is read, so that everything that is wrong is found. */
    record Nowhere() implements Destination {

        @Override
        public boolean isReal() {
            return false;
        }

        @Override
        public Set<Provenance> takenBefore() {
            return Set.of();
        }

        @Override
        public AdoptedMessage begin() {
            return new Read();
        }

        @Override
        public void settle(List<Long> numbers) {}
    }

    /** A message that is only read. */
    final class Read implements AdoptedMessage {

        @Override
        public void body(InputStream in) {}

        @Override
        public void envelope(AdoptedEnvelope envelope) {}

        @Override
        public void recipient(String address) {}

        @Override
        public void recipient(Channel channel, String address, boolean done) {}

        @Override
        public void bounceText(InputStream in) {}

        @Override
        public void commit() {}

        @Override
        public void close() {}
    }
}
