package org.tawnymail.bench.load;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One session of the client: connects, sends messages, and connects again, until there are no more. It never blocks; its
 * loop tells it when its connection is ready.
 *
 * <p>With a server that offers PIPELINING, MAIL, RCPT and DATA are one write, and so are the text and a QUIT (RFC 2920,
 * section 3.1).
 */
final class LoadSession {

    private enum Step {
        CONNECT,
        GREETING,
        EHLO,
        MAIL,
        RCPT,
        DATA,
        PIPELINED_ENVELOPE,
        TEXT,
        QUIT
    }

    private static final byte[] EHLO = "EHLO load.test\r\n".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] DATA = "DATA\r\n".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] QUIT = LoadText.PIPELINED_QUIT.getBytes(StandardCharsets.ISO_8859_1);
    private static final int REPLIES_TO_ENVELOPE = 3;

    private final LoadLoop loop;
    private final LoadPlan plan;
    private final LoadText text;
    private final ReplyLines lines = new ReplyLines();
    private final ByteBuffer commands = ByteBuffer.allocateDirect(LoadPlan.SMALLEST * 2);
    private final ByteBuffer body;
    private final ByteBuffer[] both;

    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private Step step = Step.CONNECT;
    private boolean pipelining;
    private int repliesLeft;
    private int message;
    private long began;
    private long lastHeard;

    LoadSession(LoadLoop loop, LoadPlan plan, LoadText text) {
        this.loop = loop;
        this.plan = plan;
        this.text = text;
        this.body = text.bodyAndQuit();
        this.both = new ByteBuffer[] {commands, body};
    }

    /** Takes the next message and connects; false if there is none. */
    boolean connect(Selector selector) {
        while (takeMessage()) {
            try {
                SocketChannel opened = SocketChannel.open();
                channel = opened;
                opened.configureBlocking(false);
                opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
                step = Step.CONNECT;
                pipelining = false;
                lines.clear();
                body.position(body.limit());
                boolean connected = opened.connect(plan.server());
                key = opened.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
                if (connected) {
                    step = Step.GREETING;
                }
                return true;
            } catch (IOException refused) {
                fail(String.valueOf(refused.getMessage()));
                disconnect();
            }
        }
        return false;
    }

    private boolean takeMessage() {
        message = loop.nextMessage();
        began = System.nanoTime();
        lastHeard = began;
        return message >= 0;
    }

    /** The connection is ready; false if it has ended. */
    boolean isReady(SelectionKey ready, ByteBuffer input) {
        SocketChannel connection = (SocketChannel) ready.channel();
        try {
            if (ready.isConnectable()) {
                connection.finishConnect();
                step = Step.GREETING;
                ready.interestOps(SelectionKey.OP_READ);
                return true;
            }
            if (ready.isWritable()) {
                send(connection, ready);
                return true;
            }
            return read(connection, ready, input);
        } catch (IOException broken) {
            return end(String.valueOf(broken.getMessage()));
        }
    }

    /** Ends a session whose server has been silent for too long; false if it has not. */
    boolean isOverdue(long now, long limitNanos) {
        if (channel == null || now - lastHeard < limitNanos) {
            return false;
        }
        end("silent in " + step);
        return true;
    }

    private boolean read(SocketChannel connection, SelectionKey ready, ByteBuffer input) throws IOException {
        input.clear();
        int count = connection.read(input);
        if (count < 0) {
            return end("closed by the server in " + step);
        }
        lastHeard = System.nanoTime();
        input.flip();
        while (lines.next(input)) {
            if (step == Step.EHLO && lines.text().regionMatches(true, 4, "PIPELINING", 0, 10)) {
                pipelining = true;
            }
            if (lines.isLast() && !answered(connection, ready)) {
                return false;
            }
        }
        return true;
    }

    /** A reply is complete; false if the connection has ended. */
    private boolean answered(SocketChannel connection, SelectionKey ready) throws IOException {
        boolean wantsText = step == Step.DATA || (step == Step.PIPELINED_ENVELOPE && repliesLeft == 1);
        if (lines.kind() != (wantsText ? 3 : 2)) {
            return end(lines.text());
        }
        switch (step) {
            case GREETING -> command(Step.EHLO, EHLO);
            case EHLO -> beginMessage();
            case MAIL -> {
                step = Step.RCPT;
                text.putRecipient(commands.clear());
                commands.flip();
            }
            case RCPT -> command(Step.DATA, DATA);
            case DATA -> putText();
            case PIPELINED_ENVELOPE -> {
                if (--repliesLeft > 0) {
                    return true;
                }
                putText();
            }
            case TEXT -> {
                loop.acknowledged(message, System.nanoTime() - began);
                if (plan.kept() && takeMessage()) {
                    beginMessage();
                } else {
                    message = -1;
                    boolean sentAlready = pipelining && !plan.kept();
                    command(Step.QUIT, sentAlready ? new byte[0] : QUIT);
                }
            }
            case QUIT, CONNECT -> {
                disconnect();
                return false;
            }
        }
        send(connection, ready);
        return true;
    }

    private void beginMessage() {
        commands.clear();
        if (pipelining) {
            step = Step.PIPELINED_ENVELOPE;
            repliesLeft = REPLIES_TO_ENVELOPE;
            text.putEnvelope(commands);
        } else {
            step = Step.MAIL;
            text.putMail(commands);
        }
        commands.flip();
    }

    private void putText() {
        step = Step.TEXT;
        text.putHeader(commands.clear(), plan.firstNumber() + message);
        commands.flip();
        boolean quitToo = pipelining && !plan.kept();
        body.limit(quitToo ? body.capacity() : text.bodyEnd()).position(0);
    }

    private void command(Step next, byte[] command) {
        step = next;
        commands.clear().put(command).flip();
    }

    private void send(SocketChannel connection, SelectionKey ready) throws IOException {
        if (body.hasRemaining()) {
            connection.write(both);
        } else if (commands.hasRemaining()) {
            connection.write(commands);
        }
        int wanted = body.hasRemaining() || commands.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (ready.interestOps() != wanted) {
            ready.interestOps(wanted);
        }
    }

    private boolean end(String why) {
        fail(why);
        disconnect();
        return false;
    }

    private void fail(String why) {
        if (message >= 0) {
            loop.failed(why);
        }
    }

    private void disconnect() {
        if (key != null) {
            key.cancel();
        }
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException gone) {
                // It is closed all the same.
            }
        }
        channel = null;
        key = null;
    }
}
