package org.tawnymail.tcp;

import java.util.concurrent.locks.ReentrantLock;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Ending;

/**
 * What tcpserver says on descriptor 2. Log tools parse these lines (companions spec, section 1.2). Each is one write;
 * safe for use by many threads.
 */
final class ServerLog {

    private static final int LONGEST_FIELD = 100;

    private final Call call;
    private final ServerOptions.Talk talk;
    private final ReentrantLock oneLineAtATime = new ReentrantLock();

    ServerLog(Call call, ServerOptions.Talk talk) {
        this.call = call;
        this.talk = talk;
    }

    void status(int connections, int limit) {
        event("status: " + connections + "/" + limit);
    }

    void pid(long pid, String ip) {
        event("pid " + pid + " from " + ip);
    }

    /** The verdict on a connection, with who it is between. */
    void verdict(boolean allowed, long pid, UcspiNames names) {
        if (talk == ServerOptions.Talk.EVENTS) {
            StringBuilder line = new StringBuilder(allowed ? "ok " : "deny ").append(pid);
            field(line.append(' '), names.localHost().orElse(""));
            field(line.append(':'), names.localIp());
            line.append(':').append(names.localPort());
            field(line.append(' '), names.remoteHost().orElse(""));
            field(line.append(':'), names.remoteIp());
            field(line.append(':'), names.remoteInfo().orElse(""));
            line.append(':').append(names.remotePort());
            event(line.toString());
        }
    }

    /** The end of a connection's program, with the raw wait status. */
    void end(long pid, Ending ending) {
        int status = switch (ending) {
            case Ending.Exited exited -> exited.code() << 8;
            case Ending.Killed killed -> killed.signal();
        };
        event("end " + pid + " status " + status);
    }

    void dropped(String why) {
        if (talk != ServerOptions.Talk.NOTHING) {
            say("warning: dropping connection, " + why);
        }
    }

    private void event(String line) {
        if (talk == ServerOptions.Talk.EVENTS) {
            say(line);
        }
    }

    private void say(String line) {
        oneLineAtATime.lock();
        try {
            call.complain("tcpserver: " + line);
        } finally {
            oneLineAtATime.unlock();
        }
    }

    /** A text from outside: cut short, and with nothing in it that could be taken for the end of a field. */
    private static void field(StringBuilder line, String text) {
        for (int i = 0; i < Math.min(text.length(), LONGEST_FIELD); i++) {
            char c = text.charAt(i);
            line.append(c < 33 || c > 126 || c == '%' || c == ':' ? '?' : c);
        }
        if (text.length() > LONGEST_FIELD) {
            line.append("...");
        }
    }
}
