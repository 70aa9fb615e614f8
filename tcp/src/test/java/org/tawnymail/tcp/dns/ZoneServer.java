package org.tawnymail.tcp.dns;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;

/** A name server on loopback that answers every question with what the test says. */
final class ZoneServer implements AutoCloseable {

    private final DatagramSocket socket;
    private final UnaryOperator<Message> answers;
    final AtomicInteger questions = new AtomicInteger();

    /** @param answers gets a prepared answer to fill in, and returns it; one that is no reply is not sent */
    ZoneServer(UnaryOperator<Message> answers) throws IOException {
        this(0, answers);
    }

    /** @param port where it listens */
    ZoneServer(int port, UnaryOperator<Message> answers) throws IOException {
        this.socket = new DatagramSocket(port, InetAddress.getLoopbackAddress());
        this.answers = answers;
        Thread.ofVirtual().start(this::serve);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
    }

    private void serve() {
        byte[] buffer = new byte[4096];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                questions.incrementAndGet();
                Message question = new Message(java.util.Arrays.copyOf(buffer, packet.getLength()));
                Message answer = new Message(question.getHeader().getID());
                answer.getHeader().setFlag(Flags.QR);
                answer.addRecord(question.getQuestion(), Section.QUESTION);
                Message filledIn = answers.apply(answer);
                if (filledIn.getHeader().getFlag(Flags.QR)) {
                    byte[] wire = filledIn.toWire();
                    socket.send(new DatagramPacket(wire, wire.length, packet.getSocketAddress()));
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
