package org.tawnymail.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;
import org.tawnymail.tcp.dns.Answer;
import org.tawnymail.tcp.dns.DnsResolver;

/** Name servers that answer with whatever they like. */
class NameServerTest {

    /** Answers that make no sense are waited out, so many questions are asked at once. */
    private static final int AT_ONCE = 250;

    private static final List<Duration> SHORT = List.of(Duration.ofMillis(40));

    /** The octets of a message after its id and flags; a name points to the question at offset 12. */
    private static final int QUESTION_AT = 12;

    @Test
    void everyAnswerIsRecordsOrATrouble() throws Exception {
        try (Server server = new Server();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            HostileInputs.of("DNS answers").several(AT_ONCE).memory(256 << 20).each((input, random) -> {
                DnsResolver resolver = new DnsResolver(() -> List.of(server.address()), SHORT, InstantSource.system());
                long seed = random.nextLong();
                server.seed = seed;
                List<Future<Answer<?>>> answers = new ArrayList<>();
                for (int i = 0; i < AT_ONCE; i++) {
                    String name = "n" + i + ".far.test";
                    int kind = i % 5;
                    answers.add(threads.submit(() -> ask(resolver, name, kind)));
                }
                for (Future<Answer<?>> answer : answers) {
                    assertThat(answer.get()).isNotNull();
                }
            });
            assertThat(server.answered.get()).as("answers that were sent").isPositive();
        }
    }

    private static Answer<?> ask(DnsResolver resolver, String name, int kind) {
        return switch (kind) {
            case 0 -> resolver.a(name);
            case 1 -> resolver.aaaa(name);
            case 2 -> resolver.mx(name);
            case 3 -> resolver.txt(name);
            default -> resolver.ptr(InetAddress.ofLiteral("192.0.2." + name.charAt(1)));
        };
    }

    /** Answers each question with its own octets and hostile ones behind, or with all of it mutated. */
    private static final class Server implements AutoCloseable {

        private final DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
        private volatile long seed;
        private final AtomicInteger answered = new AtomicInteger();

        private Server() throws IOException {
            Thread.ofPlatform().daemon().start(this::serve);
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
                    byte[] question = Arrays.copyOf(buffer, packet.getLength());
                    // The name decides, not the order in which questions come.
                    Random random = new Random(
                            seed * 31 + Arrays.hashCode(Arrays.copyOfRange(question, QUESTION_AT, question.length)));
                    byte[] answer = answer(question, random);
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                    answered.incrementAndGet();
                } catch (IOException closedOrTooLarge) {
                    // Either there is no next question, or this answer does not fit: then there is none.
                }
            }
        }

        private static byte[] answer(byte[] question, Random random) {
            int end = endOfQuestion(question);
            int type = question[end - 3] & 0xff;
            int records = random.nextInt(4);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            answer.write(question, 0, 2);
            int opcode = random.nextInt(4) == 0 ? random.nextInt(16) : 0;
            answer.write(0x80 | opcode << 3 | (random.nextInt(20) == 0 ? 2 : 0) | 1);
            answer.write(0x80 | (random.nextInt(4) == 0 ? random.nextInt(16) : 0));
            answer.writeBytes(new byte[] {0, 1, 0, (byte) records, 0, 0, 0, 0});
            answer.write(question, QUESTION_AT, end - QUESTION_AT);
            for (int i = 0; i < records; i++) {
                record(answer, random, random.nextInt(4) == 0 ? 5 : type);
            }
            byte[] octets = answer.toByteArray();
            for (int changes = random.nextInt(2) * random.nextInt(6); changes > 0; changes--) {
                octets[2 + random.nextInt(octets.length - 2)] = (byte) random.nextInt(256);
            }
            return random.nextInt(20) == 0 ? Arrays.copyOf(octets, random.nextInt(octets.length)) : octets;
        }

        private static void record(ByteArrayOutputStream answer, Random random, int type) {
            answer.writeBytes(
                    new byte[] {(byte) 0xc0, QUESTION_AT, 0, (byte) type, 0, (byte) (random.nextInt(8) == 0 ? 3 : 1)});
            byte[] seconds = new byte[4];
            random.nextBytes(seconds);
            answer.writeBytes(seconds);
            byte[] data = switch (random.nextInt(6)) {
                case 0 -> new byte[0];
                case 1 -> new byte[random.nextInt(300)];
                case 2 -> new byte[] {0, 10, (byte) 0xc0, QUESTION_AT};
                case 3 -> new byte[] {(byte) 0xc0, (byte) random.nextInt(80)};
                case 4 -> Octets.of("\4evil\n\r\0%");
                default -> new byte[type == 28 ? 16 : 4];
            };
            answer.write(data.length >>> 8);
            answer.write(random.nextInt(15) == 0 ? 255 : data.length);
            answer.writeBytes(data);
        }

        private static int endOfQuestion(byte[] question) {
            int at = QUESTION_AT;
            while (question[at] != 0) {
                at += question[at] + 1;
            }
            return at + 5;
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
