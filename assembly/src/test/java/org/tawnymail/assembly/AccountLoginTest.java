package org.tawnymail.assembly;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.tawnymail.harness.PrivateMachine;

/** POP3 for the accounts of the machine: root's tcpserver of Debian, qmail-popup, checkpassword, qmail-pop3d. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountLoginTest {

    private static final String PASSWORD = "two words ";

    private PrivateMachine machine;
    private Path kim;

    @BeforeAll
    void makeAMachineWithAnAccount() throws Exception {
        DebianTcpserver.mustBeThere();
        Optional<PrivateMachine> made = PrivateMachine.make();
        assumeTrue(made.isPresent(), "only root can have accounts of his own, and not in every container");
        machine = made.get();
        Files.createDirectory(machine.home());
        kim = machine.directory().resolve("kim");
        machine.run("useradd", "-m", "-U", "-s", "/bin/sh", "-d", kim.toString(), "kim");
        machine.run("usermod", "-a", "-G", "mail", "kim");
        assertThat(machine.run(Map.of(), "kim:" + PASSWORD + "\n", List.of("chpasswd"))
                        .exitCode())
                .isZero();
        machine.run("chmod", "700", kim.toString());
        asKim(bin("maildirmake"), kim + "/Maildir");
        asKim(
                "sh",
                "-c",
                "umask 077; cd " + kim
                        + "/Maildir/new; printf 'Subject: x\\n\\nhi\\n' > 1.2.mail; touch -t 200109090146 1.2.mail");
    }

    @AfterAll
    void remove() throws Exception {
        if (machine != null) {
            machine.close();
        }
    }

    @Test
    void theRightPasswordOpensTheMaildirAsItsOwner() throws Exception {
        try (DebianTcpserver pop3 = serve(bin("qmail-pop3d"), "Maildir");
                Socket client = pop3.connect()) {
            BufferedReader in = logIn(client, "kim", PASSWORD);
            assertThat(in.readLine()).isEqualTo("+OK ");
            say(client, "STAT");
            assertThat(in.readLine()).isEqualTo("+OK 1 15");
            say(client, "QUIT");
            assertThat(in.readLine()).isEqualTo("+OK ");
            assertThat(in.readLine()).isNull();
        }
        assertThat(machine.run("stat", "-c", "%U:%G %a", kim + "/Maildir/cur/1.2.mail:2,"))
                .isEqualTo("kim:kim 600\n");
    }

    @Test
    void theProgramIsTheUserAndNobodyElse() throws Exception {
        String teller = "grep -E '^(Uid|Gid|Groups):' /proc/self/status; pwd; echo $USER $HOME $SHELL; ls /proc/$$/fd";
        String uid = machine.run("id", "-u", "kim").strip();
        String gid = machine.run("id", "-g", "kim").strip();
        try (DebianTcpserver pop3 = serve("sh", "-c", teller);
                Socket client = pop3.connect()) {
            BufferedReader in = logIn(client, "kim", PASSWORD);
            assertThat(in.lines().map(String::strip))
                    .startsWith(
                            "Uid:" + ("\t" + uid).repeat(4),
                            "Gid:" + ("\t" + gid).repeat(4),
                            "Groups:\t" + gid,
                            kim.toString(),
                            "kim " + kim + " /bin/sh",
                            "0",
                            "1",
                            "2")
                    .hasSizeLessThanOrEqualTo(8);
        }
    }

    @Test
    void aWrongPasswordALockedAccountAndAnUnknownOneAreToldTheSame() throws Exception {
        try (DebianTcpserver pop3 = serve(bin("qmail-pop3d"), "Maildir")) {
            for (String name : List.of("kim", "daemon", "nobody-knows")) {
                try (Socket client = pop3.connect()) {
                    BufferedReader in = logIn(client, name, "two words");
                    assertThat(in.readLine()).as(name).isEqualTo("-ERR authorization failed");
                    assertThat(in.readLine()).isNull();
                }
            }
        }
    }

    private DebianTcpserver serve(String... program) throws Exception {
        List<String> chain = new ArrayList<>(List.of(bin("qmail-popup"), "pop.test", bin("checkpassword")));
        chain.addAll(List.of(program));
        return DebianTcpserver.startAsRoot(machine, chain);
    }

    private static BufferedReader logIn(Socket client, String name, String password) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
        assertThat(in.readLine()).startsWith("+OK <").endsWith("@pop.test>");
        say(client, "USER " + name);
        assertThat(in.readLine()).isEqualTo("+OK ");
        say(client, "PASS " + password);
        return in;
    }

    private static void say(Socket client, String line) throws IOException {
        client.getOutputStream().write((line + "\r\n").getBytes(ISO_8859_1));
    }

    private void asKim(String... command) throws Exception {
        machine.run(PrivateMachine.as("kim", List.of(command)).toArray(String[]::new));
    }

    private static String bin(String program) {
        return Installation.shared().bin(program).toString();
    }
}
