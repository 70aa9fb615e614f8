package org.tawnymail.inject;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.Environment;

class SendmailTest {

    private static final String USAGE =
            "sendmail: usage: sendmail [ -t ] [ -fsender ] [ -Fname ] [ -bp ] [ -bs ] [ arg ... ]\n";

    @TempDir
    private Path home;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private RecordedCommands commands = RecordedCommands.thatExit(0);
    private Environment environment = Environment.of(Map.of("USER", "ann"));

    @Test
    void argumentsAreTheRecipients() throws IOException {
        assertThat(sendmail("bob", "carl@lab")).isZero();
        assertRun("qmail-inject", "-a", "--", "bob", "carl@lab");
    }

    @Test
    void withTheHeaderRecipientsAreThoseOfArgumentsAndHeader() throws IOException {
        sendmail("-t", "bob");
        assertRun("qmail-inject", "-H", "--", "bob");
    }

    @Test
    void noArgumentsAndNoHeaderAreNoRecipients() throws IOException {
        sendmail();
        assertRun("qmail-inject", "-a", "--");
    }

    @Test
    void messageAndEnvironmentReachQmailInjectAndItsExitCodeComesBack() throws IOException {
        commands = RecordedCommands.thatExit(100);
        assertThat(sendmail("bob")).isEqualTo(100);
        assertThat(commands.inputs).containsExactly("To: bob\n");
        assertThat(theCall().environment().variables()).isEqualTo(Map.of("USER", "ann"));
        assertThat(theCall().directory()).isEqualTo(home);
    }

    @Test
    void aKilledProgramIsATemporaryFailure() throws IOException {
        commands = RecordedCommands.thatEnd(new Ending.Killed(9));
        assertThat(sendmail("bob")).isEqualTo(111);
    }

    @Test
    void theSenderIsPassedOnAndTheAuthorFollowsIt() throws IOException {
        environment = Environment.of(Map.of(
                "USER", "ann", "NAME", "Ann", "MAILNAME", "A", "QMAILNAME", "B", "MAILHOST", "x", "QMAILHOST", "y"));
        sendmail("-f", "an@na@corp.example", "bob");
        assertRun("qmail-inject", "-a", "-f", "an@na@corp.example", "--", "bob");
        assertThat(theCall().environment().variables())
                .isEqualTo(Map.of("USER", "ann", "QMAILUSER", "an@na", "QMAILHOST", "corp.example"));
    }

    @Test
    void aSenderWithoutHostIsAnAuthorWithoutHost() throws IOException {
        environment = environment.with("QMAILHOST", "y");
        sendmail("-fbob", "carl");
        assertRun("qmail-inject", "-a", "-f", "bob", "--", "carl");
        assertThat(theCall().environment().variables()).isEqualTo(Map.of("USER", "ann", "QMAILUSER", "bob"));
    }

    @Test
    void theNullSenderIsPassedOn() throws IOException {
        sendmail("-f", "", "carl");
        assertRun("qmail-inject", "-a", "-f", "", "--", "carl");
    }

    @Test
    void aNameIsThatOfTheMailer() throws IOException {
        sendmail("-F", "Ann B.", "carl");
        assertThat(theCall().environment().get("MAILNAME")).contains("Ann B.");
    }

    @Test
    void aNameBesideASenderHasNoEffect() throws IOException {
        sendmail("-f", "bob", "-F", "Ann B.", "carl");
        assertThat(theCall().environment().isSet("MAILNAME")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-v", "-i", "-m", "-x", "-em", "-pTCP:host", "-B8BITMIME", "-oi", "-oQ/x", "-odq", "-bm"})
    void otherOptionsAreAcceptedAndMeanNothing(String option) throws IOException {
        assertThat(sendmail(option, "bob")).isZero();
        assertRun("qmail-inject", "-a", "--", "bob");
    }

    @Test
    void aValueMayBeAnArgumentOfItsOwn() throws IOException {
        sendmail("-o", "i", "-B", "7BIT", "-viet", "bob");
        assertRun("qmail-inject", "-a", "--", "bob");
    }

    @Test
    void whatIsGluedToEAndJIsSwallowed() throws IOException {
        sendmail("-Etbs", "-Jq", "-E", "bob");
        assertRun("qmail-inject", "-a", "--", "bob");
    }

    @Test
    void recipientsMayLookLikeOptions() throws IOException {
        sendmail("--", "-bs");
        assertRun("qmail-inject", "-a", "--", "-bs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-q", "-d", "-z"})
    void anUnknownLetterIsNamedAndTheUsageShown(String option) throws IOException {
        assertThat(sendmail(option)).isEqualTo(100);
        assertThat(errors()).isEqualTo("sendmail: illegal option -- " + option.charAt(1) + "\n" + USAGE);
        assertThat(commands.calls).isEmpty();
    }

    @Test
    void anUnknownModeIsAUsageError() throws IOException {
        assertThat(sendmail("-bd")).isEqualTo(100);
        assertThat(errors()).isEqualTo(USAGE);
    }

    @Test
    void aMissingValueIsAUsageError() throws IOException {
        assertThat(sendmail("-f")).isEqualTo(100);
        assertThat(errors()).isEqualTo("sendmail: option requires an argument -- f\n" + USAGE);
    }

    @Test
    void theQueueIsListed() throws IOException {
        sendmail("-bp");
        assertRun("qmail-qread");
    }

    @Test
    void mailqListsTheQueueWhateverItsArguments() throws IOException {
        run("/usr/bin/mailq", "-v", "bob");
        assertRun("qmail-qread");
    }

    @Test
    void newaliasesPointsToFastforward() throws IOException {
        assertThat(run("newaliases")).isEqualTo(100);
        assertThat(errors()).isEqualTo("sendmail: fatal: please use fastforward/newaliases instead\n");
    }

    @Test
    void aSessionOnStandardInputMayRelay() throws IOException {
        sendmail("-bs");
        assertRun("qmail-smtpd");
        assertThat(theCall().environment().variables())
                .containsEntry("RELAYCLIENT", "")
                .containsEntry("DATABYTES", "0")
                .containsEntry("PROTO", "TCP")
                .containsEntry("TCPLOCALIP", "127.0.0.1")
                .containsEntry("TCPLOCALHOST", "localhost")
                .containsEntry("TCPREMOTEIP", "127.0.0.1")
                .containsEntry("TCPREMOTEHOST", "localhost")
                .containsEntry("TCPREMOTEINFO", "sendmail-bs")
                .containsEntry("USER", "ann")
                .hasSize(9);
    }

    @Test
    void aSessionOverTheNetworkKeepsItsRights() throws IOException {
        environment = environment.with("PROTO", "TCP");
        sendmail("-bs");
        assertThat(theCall().environment()).isSameAs(environment);
    }

    @Test
    void aProgramInTheHomeDirectoryIsTheOneThatRuns() throws IOException {
        Path own = Files.createDirectory(home.resolve("bin")).resolve("qmail-inject");
        Files.createFile(own);
        sendmail("bob");
        assertRun(own.toString(), "-a", "--", "bob");
    }

    @Test
    void withoutAHomeDirectoryNothingRuns() throws IOException {
        home = home.resolve("absent");
        assertThat(sendmail("bob")).isEqualTo(111);
        assertThat(errors()).isEqualTo("sendmail: fatal: unable to switch to qmail home directory\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-t qmail-inject", "-bp qmail-qread", "-bs qmail-smtpd"})
    void aProgramThatCannotRunIsNamed(String optionAndProgram) throws IOException {
        commands = RecordedCommands.thatCannotRun();
        int space = optionAndProgram.indexOf(' ');
        assertThat(sendmail(optionAndProgram.substring(0, space))).isEqualTo(111);
        assertThat(errors()).isEqualTo("sendmail: fatal: unable to run" + optionAndProgram.substring(space) + "\n");
    }

    private int sendmail(String... arguments) throws IOException {
        return run("/usr/sbin/sendmail", arguments);
    }

    private int run(String name, String... arguments) throws IOException {
        Descriptors descriptors = Descriptors.none()
                .with(0, new ByteArrayInputStream(Octets.of("To: bob\n")))
                .with(2, err);
        Call call = new Call(name, List.of(arguments), environment, descriptors, Path.of("/"));
        try {
            return new Sendmail(new Home(home), commands).run(call);
        } catch (Complaint complaint) {
            call.complain(complaint.line());
            return complaint.exitCode();
        }
    }

    private Call theCall() {
        assertThat(commands.calls).hasSize(1);
        return commands.calls.getFirst();
    }

    private void assertRun(String command, String... arguments) {
        assertThat(theCall().name()).isEqualTo(command);
        assertThat(theCall().arguments()).containsExactly(arguments);
    }

    private String errors() {
        return Octets.text(err.toByteArray());
    }
}
