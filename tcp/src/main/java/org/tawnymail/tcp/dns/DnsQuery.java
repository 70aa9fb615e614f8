package org.tawnymail.tcp.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;

/**
 * One question to the servers in turn, with more patience in each round (companions spec, section 0.5). The library
 * chooses ids and ports at random, checks that the answer is one to the question, and asks over TCP when it is cut short.
 */
final class DnsQuery {

    /** Nobody answered in a usable way. */
    static final class NoAnswer extends Exception {
        private NoAnswer(String reason) {
            super(reason);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    private static final Duration TCP_LIMIT = Duration.ofSeconds(10);

    private final List<InetSocketAddress> servers;
    private final List<Duration> patience;

    /**
     * @param patience the time for one server in each round
     */
    DnsQuery(List<InetSocketAddress> servers, List<Duration> patience) {
        this.servers = List.copyOf(servers);
        this.patience = List.copyOf(patience);
    }

    /** The first answer that says yes ({@code NOERROR}) or no ({@code NXDOMAIN}). */
    Message ask(Name name, int type) throws NoAnswer {
        Message question = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        String trouble = "timed out";
        for (Duration limit : patience) {
            for (InetSocketAddress server : servers) {
                try {
                    Message answer = ask(server, question, limit, true);
                    if (answer.getRcode() == Rcode.FORMERR || answer.getRcode() == Rcode.NOTIMP) {
                        answer = ask(server, question, limit, false);
                    }
                    if (answer.getRcode() == Rcode.NOERROR || answer.getRcode() == Rcode.NXDOMAIN) {
                        return answer;
                    }
                    trouble = "temporary failure";
                } catch (SocketTimeoutException silent) {
                    trouble = "timed out";
                } catch (IOException unreachable) {
                    trouble = "temporary failure";
                }
            }
        }
        throw new NoAnswer(trouble);
    }

    private static Message ask(InetSocketAddress server, Message question, Duration limit, boolean extended)
            throws IOException, NoAnswer {
        SimpleResolver transport = new SimpleResolver(server);
        transport.setTimeout(limit);
        if (!extended) {
            transport.setEDNS(-1);
        }
        CompletableFuture<Message> answer =
                transport.sendAsync(question.clone()).toCompletableFuture();
        try {
            // The library keeps the limit for each of UDP and TCP; this one only guards against its forgetting.
            return queried(answer.get(limit.plus(TCP_LIMIT).toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new SocketTimeoutException(server.toString());
        } catch (ExecutionException | CancellationException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause.getMessage() != null && cause.getMessage().contains("imed out")
                        ? new SocketTimeoutException(cause.getMessage())
                        : cause;
            }
            throw new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoAnswer("interrupted system call");
        }
    }

    /** Of what claims to be an update or a notice, the library makes records without the content that their type says. */
    private static Message queried(Message answer) throws IOException {
        if (answer.getHeader().getOpcode() != Opcode.QUERY) {
            throw new IOException("no answer to a query");
        }
        return answer;
    }
}
