package org.tawnymail.inject;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.process.ProgramCommands;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.program.ProgramTable;
import org.tawnymail.queue.QueueClient;

/** The sending programs together: each runs the next inside this process, down to the queue. */
class SendmailToQueueTest {

    private static final InstantSource SEVENTH_OF_MARCH = InstantSource.fixed(Instant.parse("2025-03-07T09:04:05Z"));

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final MemoryQueue queue = new MemoryQueue(Optional.empty(), message);

    @Test
    void datemailRunsSendmailWhichRunsQmailInject() throws IOException {
        Ending ending = run("Date: no\nTo: bob\nFrom: x\n\nhello", "datemail", "-t", "-f", "ann@x.test", "carl");
        assertThat(ending).isEqualTo(new Ending.Exited(0));
        assertThat(queue.senders).containsExactly("ann@x.test");
        assertThat(queue.recipients).containsExactly("carl@mail.corp.example", "bob@mail.corp.example");
        assertThat(Octets.text(message.toByteArray()))
                .startsWith("Message-ID: <20250307090405.")
                .endsWith("""
                        .qmail@id.corp.example>
                        Date: 7 Mar 2025 10:04:05 +0100
                        Date: no
                        To: bob@mail.corp.example
                        From: x@mail.corp.example

                        hello
                        """);
    }

    @Test
    void theCreatedFromFollowsTheSenderOfSendmail() throws IOException {
        run("To: bob\n\n", "sendmail", "-F", "Ann", "-f", "an na@lab", "bob");
        assertThat(queue.senders).containsExactly("an na@lab.corp.example");
        assertThat(Octets.text(message.toByteArray())).contains("\nFrom: \"an na\"@lab.corp.example\n");
    }

    @Test
    void mailsubjSendsWhatAScriptPipesIntoIt() throws IOException {
        run("hello\n", "mailsubj", "a subject", "bob", "carl@x.test", "dora, eve");
        assertThat(queue.recipients)
                .containsExactly(
                        "eve@mail.corp.example", "dora@mail.corp.example", "carl@x.test", "bob@mail.corp.example");
        assertThat(Octets.text(message.toByteArray()))
                .contains("\nSubject: a subject\nTo: bob@mail.corp.example, carl@x.test, dora@");
    }

    @Test
    void whatQmailInjectRefusesIsRefusedByItsCallers() throws IOException {
        assertThat(run("From: (\n\n", "datemail", "bob")).isEqualTo(new Ending.Exited(100));
        assertThat(Octets.text(err.toByteArray()))
                .isEqualTo("qmail-inject: fatal: unable to parse this line:\nFrom: (\n");
    }

    private Ending run(String input, String program, String... arguments) throws IOException {
        Path control = Files.createDirectories(directory.resolve("control"));
        for (Map.Entry<String, String> file : InjectDialogue.CORP_EXAMPLE.entrySet()) {
            Files.writeString(control.resolve(file.getKey()), file.getValue());
        }
        Descriptors descriptors = Descriptors.none()
                .with(0, new ByteArrayInputStream(Octets.of(input)))
                .with(1, message)
                .with(2, err);
        Environment environment = Environment.of(Map.of("USER", "ann", "PATH", "/usr/bin:/bin"));
        OurPrograms programs = new OurPrograms();
        return programs.commands.run(new Call(program, List.of(arguments), environment, descriptors, directory));
    }

    private final class OurPrograms implements ProgramTable {

        private final Home home = new Home(directory);
        private final Commands commands = new ProgramCommands(this, directory.resolve("own"));

        @Override
        public Optional<Program> find(String name) {
            Predate predate = new Predate(commands, SEVENTH_OF_MARCH, ZoneId.of("Europe/Berlin"));
            QueueClient client = new QueueClient(home, queue, commands);
            return switch (name) {
                case "datemail" -> Optional.of(new Datemail(home, predate));
                case "sendmail" -> Optional.of(new Sendmail(home, commands));
                case "mailsubj" -> Optional.of(new Mailsubj(home, commands));
                case "qmail-inject" -> Optional.of(new QmailInject(home, client, SEVENTH_OF_MARCH));
                default -> Optional.empty();
            };
        }

        @Override
        public Set<String> names() {
            return Set.of("datemail", "sendmail", "mailsubj", "qmail-inject");
        }
    }
}
