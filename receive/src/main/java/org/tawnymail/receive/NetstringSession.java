package org.tawnymail.receive;

import java.io.IOException;
import java.net.SocketTimeoutException;
import org.tawnymail.base.netstring.Netstring;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;

/** How a session of QMTP or QMQP ends, and with which exit code (core spec, sections 9.2 and 9.3). */
final class NetstringSession {

    /** What is done in it; ends when there is nothing more to do, or with an exception. */
    interface Work {
        void serve() throws IOException;
    }

    /**
     * Runs it. Answers to what was complete go out whatever came after it: a client that does not get them sends the mail
     * again.
     *
     * @throws Complaint if the work ended with one
     */
    static int run(NetstringPeer peer, Work work) throws Complaint {
        try {
            work.serve();
            return ExitCode.SUCCESS;
        } catch (Complaint trouble) {
            throw trouble;
        } catch (Netstring.Malformed nonsense) {
            return ExitCode.PERMANENT;
        } catch (Netstring.TooLong | SocketTimeoutException tooMuch) {
            return ExitCode.TEMPORARY;
        } catch (IOException gone) {
            // The client has said all it wanted to say, or cannot be told anything any more.
            return ExitCode.SUCCESS;
        } finally {
            flush(peer);
        }
    }

    private static void flush(NetstringPeer peer) {
        try {
            peer.flush();
        } catch (IOException gone) {
            // The client did not wait for them.
        }
    }

    private NetstringSession() {}
}
