package org.tawnymail.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.hostile.HostileInputs;

/** The program with the most options. */
class HostileOptionsTest {

    @Test
    void everyCommandLineOfTcpserverIsOptionsOrOneComplaint() throws Exception {
        HostileInputs.of("tcpserver options")
                .pieces(
                        "-c\0",
                        "-vRHl0\0",
                        "-u\0",
                        "-g",
                        "-b\0",
                        "-t\0",
                        "-x\0",
                        "-B",
                        "0\0",
                        "25\0",
                        "smtp\0",
                        "127.0.0.1\0",
                        "--\0",
                        "prog\0")
                .samples("-v\0-c\0200\0-xrules.cdb\0-Rl0\0000\00025\0qmail-smtpd")
                .each((input, random) -> {
                    List<String> arguments = List.of(Octets.text(input).split("\0", -1));
                    Call call = new Call("tcpserver", arguments, Environment.empty(), Descriptors.none(), Path.of("/"));
                    try {
                        ServerOptions options = ServerOptions.parse(call);
                        assertThat(options.program()).isNotEmpty();
                        assertThat(options.identLimit().isNegative()).isFalse();
                    } catch (Complaint complaint) {
                        assertThat(complaint.exitCode()).isIn(100, 111);
                        assertThat(complaint.line()).startsWith("tcpserver: ");
                    }
                });
    }
}
