package org.tawnymail.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.tawnymail.harness.PrivateMachine;

/** What root gets from {@code tawny install}, on a machine whose accounts are its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InstallTest {

    private PrivateMachine machine;
    private String firstReport;

    @BeforeAll
    void install() throws Exception {
        Optional<PrivateMachine> made = PrivateMachine.make();
        assumeTrue(made.isPresent(), "only root can have accounts of his own, and not in every container");
        machine = made.get();
        firstReport = machine.run(launcher(), "install", home().toString());
    }

    @AfterAll
    void remove() throws Exception {
        if (machine != null) {
            machine.close();
        }
    }

    @Test
    void theAccountsAndGroupsOfQmailAreMade() throws Exception {
        assertThat(firstReport).contains("made group nofiles\n", "made account qmailq\n");
        for (String account : List.of("alias", "qmaild", "qmaill", "qmailp")) {
            assertThat(machine.run("id", "-gn", account)).as(account).isEqualTo("nofiles\n");
        }
        for (String account : List.of("qmailq", "qmailr", "qmails")) {
            assertThat(machine.run("id", "-gn", account)).as(account).isEqualTo("qmail\n");
        }
        assertThat(machine.run("getent", "passwd", "alias")).contains(":" + home() + "/alias:");
    }

    @Test
    void whatIsInstalledIsAsTheCheckerWantsIt() throws Exception {
        assertThat(instcheck()).isEmpty();
        assertThat(machine.run("stat", "-c", "%U:%G %a", home() + "/queue", home() + "/queue/drop", home() + "/alias"))
                .isEqualTo("qmailq:qmail 711\nqmailq:qmail 1733\nalias:qmail 2755\n");
        assertThat(Files.size(home().resolve("queue/lock/tcpto"))).isEqualTo(1024);
    }

    @Test
    void theCheckerNamesWhatIsWrongAndASecondInstallMendsIt() throws Exception {
        machine.run("chmod", "755", home() + "/queue/drop");
        machine.run("chown", "qmaild:nofiles", home() + "/doc");
        Files.delete(home().resolve("boot/proc"));
        Files.delete(home().resolve("bin/forward"));
        Files.writeString(home().resolve("bin/forward"), "#!/bin/sh\n");
        assertThat(instcheck())
                .contains(
                        "instcheck: warning: " + home() + "/queue/drop has wrong permissions\n",
                        "instcheck: warning: " + home() + "/doc has wrong owner\n",
                        "instcheck: warning: " + home() + "/doc has wrong group\n",
                        "instcheck: warning: " + home() + "/boot/proc does not exist\n",
                        "instcheck: warning: " + home() + "/bin/forward has wrong type\n");
        machine.run(launcher(), "install", home().toString());
        assertThat(instcheck()).isEmpty();
        assertThat(home().resolve("bin/forward.before-tawny")).hasContent("#!/bin/sh\n");
    }

    @Test
    void theMailOfAFormerQmailIsLeftAloneAndTheNextStepSaysWhatTakesItOver() throws Exception {
        assertThat(firstReport).doesNotContain("adopt");
        Path former = machine.directory().resolve("former");
        for (String name : List.of("queue/mess/3", "queue/todo")) {
            Files.createDirectories(former.resolve(name));
        }
        Files.writeString(former.resolve("queue/mess/3/2172698"), "Received: x\n\nhello\n");
        assertThat(machine.run(launcher(), "install", former.toString())).doesNotContain("adopt");
        Files.writeString(former.resolve("queue/todo/2172698"), "u1\0p2\0Fann@here\0Tkim@there\0");
        assertThat(machine.run(launcher(), "install", former.toString()))
                .contains("\n  " + former + "/tawny adopt " + former + " ");
        assertThat(former.resolve("queue/mess/3/2172698")).hasContent("Received: x\n\nhello");
    }

    @Test
    void whatPeopleWroteSurvivesAnUpgrade() throws Exception {
        Path control = Files.writeString(home().resolve("control/locals"), "kept.example\n");
        Path alias = Files.writeString(home().resolve("alias/.qmail-root"), "&kim@kept.example\n");
        Path assign = Files.writeString(home().resolve("users/assign"), "=kim:kim:1:1:/x:::\n.\n");
        machine.run("chmod", "600", alias.toString());
        machine.run(launcher(), "install", home().toString());
        assertThat(control).hasContent("kept.example\n");
        assertThat(alias).hasContent("&kim@kept.example\n");
        assertThat(assign).hasContent("=kim:kim:1:1:/x:::\n.\n");
        assertThat(machine.run("stat", "-c", "%a", alias.toString())).isEqualTo("600\n");
    }

    @Test
    void anInstalledTreeStandsAloneAndBootScriptsKnowWhereItIs() throws Exception {
        assertThat(machine.run(home() + "/bin/qmail-qstat"))
                .isEqualTo("messages in queue: 0\nmessages in queue but not yet preprocessed: 0\n");
        assertThat(home().resolve("boot/home")).content().contains("exec env - PATH=\"" + home() + "/bin:$PATH\"");
        assertThat(home().resolve("boot/qmail.service")).content().contains("ExecStart=" + home() + "/bin/qmail-start");
        assertThat(home().resolve("doc/install.md")).exists();
    }

    @Test
    void rootFollowsNoLinkThatSomebodyPutIntoTheQueue() throws Exception {
        Path victim = Files.writeString(machine.directory().resolve("victim"), "root's own");
        Path intake = home().resolve("queue/intake");
        Files.delete(intake);
        Files.createSymbolicLink(intake, victim);
        PrivateMachine.Result result = machine.run(Map.of(), "", List.of(launcher(), "install", home().toString()));
        Files.delete(intake);
        assertThat(result.exitCode()).isEqualTo(100);
        assertThat(result.errors()).isEqualTo("tawny: fatal: " + intake + " is in the way: it has to be a directory\n");
        assertThat(Files.getAttribute(victim, "unix:uid", LinkOption.NOFOLLOW_LINKS))
                .isEqualTo(0);
        machine.run(launcher(), "install", home().toString());
    }

    @Test
    void aHomeWhoseNameWouldBreakScriptsIsRefused() throws Exception {
        for (String name : List.of("/tmp/a b", "/tmp/a:b", "/tmp/$(x)", "/")) {
            PrivateMachine.Result result = machine.run(Map.of(), "", List.of(launcher(), "install", name));
            assertThat(result.exitCode()).as(name).isEqualTo(100);
            assertThat(result.errors()).contains("cannot be a home");
        }
    }

    private String instcheck() throws Exception {
        PrivateMachine.Result result = machine.run(Map.of(), "", List.of(home() + "/bin/instcheck"));
        assertThat(result.exitCode()).isZero();
        return result.errors();
    }

    private Path home() {
        return machine.home();
    }

    private static String launcher() {
        return Installation.shared().launcher().toString();
    }
}
