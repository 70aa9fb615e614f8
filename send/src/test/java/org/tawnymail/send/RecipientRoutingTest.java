package org.tawnymail.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.Routing;

class RecipientRoutingTest {

    @TempDir
    private Path directory;

    private ControlFiles controls;

    @BeforeEach
    void theExampleOfTheSpec() throws IOException {
        controls = new ControlFiles(directory);
        write("me", "mx.corp.example\n");
        write("locals", "corp.example\n");
        write(
                "virtualdomains",
                "shop.test:ann-shop\nsales@eu.test:bob\n.wild.test:w\nno.wild.test:\n:alias-out\nnocolon\n");
        write("percenthack", "hub.corp.example\n");
    }

    @ParameterizedTest
    @CsvSource({
        "joe@CORP.example, LOCAL, joe@CORP.example",
        "info@shop.test, LOCAL, ann-shop-info@shop.test",
        "sales@eu.test, LOCAL, bob-sales@eu.test",
        "SALES@EU.test, LOCAL, bob-SALES@EU.test",
        "hr@eu.test, LOCAL, alias-out-hr@eu.test",
        "x@a.b.wild.test, LOCAL, w-x@a.b.wild.test",
        "x@wild.test, LOCAL, alias-out-x@wild.test",
        "x@no.wild.test, REMOTE, x@no.wild.test",
        "a%b%far.test@hub.corp.example, LOCAL, alias-out-a%b@far.test",
        "joe%corp.example@hub.corp.example, LOCAL, joe@corp.example",
        "a%b%hub.corp.example@HUB.corp.example, LOCAL, alias-out-a@b",
        "joe@hub.corp.example, LOCAL, alias-out-joe@hub.corp.example",
        "joe, LOCAL, alias-out-joe@mx.corp.example",
        "x@sub.corp.example, LOCAL, alias-out-x@sub.corp.example",
        "a@b@corp.example, LOCAL, a@b@corp.example",
        "@corp.example, LOCAL, @corp.example",
    })
    void theWayOfARecipientIsThatOfTheSpec(String submitted, Channel channel, String address) throws IOException {
        assertThat(RecipientRouting.read(controls).route(submitted)).isEqualTo(new Routing(channel, address));
    }

    @Test
    void whatNoFileSpeaksOfGoesToAnotherHost() throws IOException {
        write("virtualdomains", "shop.test:ann-shop\n");
        assertThat(RecipientRouting.read(controls).route("kim@far.test"))
                .isEqualTo(new Routing(Channel.REMOTE, "kim@far.test"));
    }

    @Test
    void withoutLocalsTheHostItselfIsLocalAndAnEmptyFileMakesNothingLocal() throws IOException {
        Files.delete(directory.resolve("locals"));
        Files.delete(directory.resolve("virtualdomains"));
        assertThat(RecipientRouting.read(controls).route("joe").channel()).isEqualTo(Channel.LOCAL);
        write("locals", "");
        assertThat(RecipientRouting.read(controls).route("joe").channel()).isEqualTo(Channel.REMOTE);
    }

    @Test
    void aBareNameIsOneOfEnvnoathost() throws IOException {
        write("envnoathost", "corp.example\n");
        assertThat(RecipientRouting.read(controls).route("joe"))
                .isEqualTo(new Routing(Channel.LOCAL, "joe@corp.example"));
        Files.delete(directory.resolve("envnoathost"));
        Files.delete(directory.resolve("me"));
        write("virtualdomains", "");
        assertThat(RecipientRouting.read(controls).route("joe").address()).isEqualTo("joe@envnoathost");
    }

    @Test
    void withoutLocalsAndMeThereIsNoStart() throws IOException {
        Files.delete(directory.resolve("locals"));
        Files.delete(directory.resolve("me"));
        assertThatThrownBy(() -> RecipientRouting.read(controls))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory.resolve("me").toString());
    }

    @Test
    void theSenderOfABounceSeesTheAddressWithoutThePrependOfADomainButWithThatOfAUser() throws IOException {
        RecipientRouting routing = RecipientRouting.read(controls);
        assertThat(routing.withoutPrepend("ann-shop-info@shop.test")).isEqualTo("info@shop.test");
        assertThat(routing.withoutPrepend("bob-sales@eu.test")).isEqualTo("bob-sales@eu.test");
        assertThat(routing.withoutPrepend("w-x@a.wild.test")).isEqualTo("x@a.wild.test");
        assertThat(routing.withoutPrepend("alias-out-hr@eu.test")).isEqualTo("hr@eu.test");
        assertThat(routing.withoutPrepend("joe@corp.example")).isEqualTo("joe@corp.example");
        assertThat(routing.withoutPrepend("x@no.wild.test")).isEqualTo("x@no.wild.test");
    }

    @Test
    void aHangupRereadsLocalsAndVirtualdomainsAndNothingElse() throws IOException {
        RecipientRouting before = RecipientRouting.read(controls);
        write("locals", "new.example\n");
        write("virtualdomains", "shop.test:bob\n");
        write("envnoathost", "other.example\n");
        write("percenthack", "");
        List<String> alerts = new ArrayList<>();
        RecipientRouting after = before.reread(controls, alerts::add);
        assertThat(alerts).isEmpty();
        assertThat(after.route("joe@new.example").channel()).isEqualTo(Channel.LOCAL);
        assertThat(after.route("joe@corp.example").channel()).isEqualTo(Channel.REMOTE);
        assertThat(after.route("info@shop.test").address()).isEqualTo("bob-info@shop.test");
        assertThat(after.route("joe").address()).isEqualTo("joe@mx.corp.example");
        assertThat(after.route("a%b@hub.corp.example").address()).isEqualTo("a@b");
    }

    @Test
    void aHangupWithoutLocalsFallsBackToTheHostNameOfTheStart() throws IOException {
        RecipientRouting before = RecipientRouting.read(controls);
        Files.delete(directory.resolve("locals"));
        write("me", "renamed.example\n");
        RecipientRouting after = before.reread(controls, alert -> {
            throw new AssertionError(alert);
        });
        assertThat(after.route("joe@mx.corp.example").channel()).isEqualTo(Channel.LOCAL);
    }

    @Test
    void aHangupThatCannotReadChangesNothingAndSaysWhy() throws IOException {
        RecipientRouting before = RecipientRouting.read(controls);
        List<String> alerts = new ArrayList<>();

        write("locals", "new.example\n");
        Files.delete(directory.resolve("virtualdomains"));
        Files.createDirectory(directory.resolve("virtualdomains"));
        assertThat(before.reread(controls, alerts::add)).isSameAs(before);

        Files.delete(directory.resolve("locals"));
        Files.createDirectory(directory.resolve("locals"));
        assertThat(before.reread(controls, alerts::add)).isSameAs(before);

        assertThat(before.reread(new ControlFiles(directory.resolve("gone")), alerts::add))
                .isSameAs(before);

        assertThat(alerts)
                .containsExactly(
                        "alert: unable to reread control/virtualdomains",
                        "alert: unable to reread control/locals",
                        "alert: unable to reread controls: unable to switch to home directory");
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(directory.resolve(name), content);
    }
}
