package org.tawnymail.remote.qmqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.netstring.Netstring;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.hostile.Connection;
import org.tawnymail.hostile.HostileHost;
import org.tawnymail.hostile.HostileInputs;
import org.tawnymail.hostile.Ran;
import org.tawnymail.hostile.Scratch;

/** Around qmail-qmqpc: the envelope that it gets, the list of servers, and what the servers say. */
class HostileRequestTest {

    private static final String MESSAGE = "Subject: x\n\ntext\n";

    /** Of an answer, so much is looked at. */
    private static final int LOOKED_AT = 100;

    @TempDir(factory = Scratch.class)
    private Path directory;

    @Test
    void everyEnvelopeIsTheSameInTheRequestOrRefused() throws Exception {
        HostileInputs.of("envelope of qmail-qmqpc")
                .pieces("F", "T", "\0", "Fann@far.test\0", "Tbob@corp.test\0", "\0\0", "X")
                .samples("Fann@far.test\0Tbob@corp.test\0Tjoe@corp.test\0\0", "F\0\0", "F#@[]\0T\0\0rest")
                .each((input, random) -> {
                    List<byte[]> addresses = addresses(Octets.text(input));
                    try (QmqpRequest request = QmqpRequest.read(
                            new Connection(Octets.of(MESSAGE), random), new Connection(input, random), directory)) {
                        assertThat(addresses).as("an envelope that breaks off").isNotEmpty();
                        ByteArrayOutputStream written = new ByteArrayOutputStream();
                        request.writeTo(written);
                        ByteArrayOutputStream expected = new ByteArrayOutputStream();
                        Netstring.write(expected, Octets.of(MESSAGE));
                        for (byte[] address : addresses) {
                            Netstring.write(expected, address);
                        }
                        assertThat(written.toByteArray()).isEqualTo(Netstring.of(expected.toByteArray()));
                    } catch (QmqpRequest.Unusable unusable) {
                        assertThat(unusable.exitCode()).isEqualTo(QmqpExit.BAD_ENVELOPE);
                        assertThat(addresses).isEmpty();
                    }
                });
    }

    /** The sender and the recipients; none of them if it is no envelope. */
    private static List<byte[]> addresses(String envelope) {
        List<byte[]> addresses = new ArrayList<>();
        int at = 0;
        while (at < envelope.length() && envelope.charAt(at) == (addresses.isEmpty() ? 'F' : 'T')) {
            int end = envelope.indexOf('\0', at);
            if (end < 0) {
                return List.of();
            }
            addresses.add(Octets.of(envelope.substring(at + 1, end)));
            at = end + 1;
        }
        boolean ends = at < envelope.length() && envelope.charAt(at) == '\0';
        return ends ? addresses : List.of();
    }

    @Test
    void everyAnswerOfAServerIsAnExitCode() throws Exception {
        Files.createDirectories(directory.resolve("control"));
        Environment environment = Environment.empty().with(Home.VARIABLE, directory.toString());
        try (HostileHost host = new HostileHost()) {
            Files.writeString(directory.resolve("control/qmqpservers"), "127.0.0.1:" + host.port() + "\n");
            HostileInputs.of("QMQP answers")
                    .pieces("K", "Z", "D", "5:", ",", "20:Kok 1 qp 2")
                    .samples("14:Kok 1000 qp 20,", "6:Zlater,", "3:Dno,")
                    .each((input, random) -> {
                        host.says(input);
                        Descriptors descriptors = Descriptors.none()
                                .with(0, new ByteArrayInputStream(Octets.of(MESSAGE)))
                                .with(1, new ByteArrayInputStream(Octets.of("Fa@b\0Tc@d\0\0")));
                        Ran ran = Ran.of(new QmailQmqpc(), List.of(), environment, descriptors, directory);
                        assertThat(ran.err()).isEmpty();
                        assertThat(ran.code()).isEqualTo(expected(Octets.text(input)));
                    });
        }
    }

    private static int expected(String answer) {
        for (int i = 0; i < answer.length() && i < LOOKED_AT; i++) {
            switch (answer.charAt(i)) {
                case 'K' -> {
                    return QmqpExit.TAKEN;
                }
                case 'Z' -> {
                    return QmqpExit.POSTPONED;
                }
                case 'D' -> {
                    return QmqpExit.REFUSED;
                }
                default -> {}
            }
        }
        return QmqpExit.BROKEN;
    }

    @Test
    void everyListOfServersIsAddressesAndPorts() throws Exception {
        ControlFiles controls = new ControlFiles(directory);
        HostileInputs.of("qmqpservers")
                .pieces("192.0.2.1", "2001:db8::1", "[", "]", ":628", ":", "\n", "#", "::", "%eth0", "host.test")
                .samples("192.0.2.1\n192.0.2.2:1628 second\n[2001:db8::1]:628\n2001:db8::2\n# none\n")
                .each((input, random) -> {
                    Files.write(directory.resolve("qmqpservers"), input);
                    List<InetSocketAddress> servers = QmqpServers.read(controls);
                    assertThat(servers)
                            .allMatch(server -> !server.isUnresolved())
                            .allMatch(server -> server.getPort() > 0);
                    assertThat(servers).hasSizeLessThanOrEqualTo(lines(input));
                });
    }

    private static int lines(byte[] input) {
        return Octets.text(input).split("\n", -1).length;
    }

    /** Larger messages are kept in a file, whose octets must come in the same order. */
    @Test
    void everyMessageIsTheSameInTheRequest() throws Exception {
        HostileInputs.of("message of qmail-qmqpc")
                .pieces("text", "\n", "12:a,")
                .samples(MESSAGE)
                .each((input, random) -> {
                    byte[] message = repeated(input, random);
                    try (QmqpRequest request = QmqpRequest.read(
                            new Connection(message, random),
                            new ByteArrayInputStream(Octets.of("Fa\0Tb\0\0")),
                            directory)) {
                        ByteArrayOutputStream written = new ByteArrayOutputStream();
                        request.writeTo(written);
                        String expected = message.length + ":" + Octets.text(message) + ",1:a,1:b,";
                        assertThat(Octets.text(written.toByteArray()))
                                .isEqualTo(expected.length() + ":" + expected + ",");
                    }
                });
    }

    private static byte[] repeated(byte[] input, Random random) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        int length = random.nextInt(50) == 0 ? Spool.MOST_IN_MEMORY + random.nextInt(Spool.MOST_IN_MEMORY) : 0;
        do {
            message.writeBytes(input);
        } while (input.length > 0 && message.size() < length);
        return message.toByteArray();
    }
}
