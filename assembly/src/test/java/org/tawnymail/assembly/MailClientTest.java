package org.tawnymail.assembly;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.activation.DataHandler;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** An ordinary mail client (Jakarta Mail) sends and reads. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MailClientTest {

    private Path directory;
    private ServerProcess server;
    private Session session;

    @BeforeAll
    void startTheServer() throws Exception {
        directory = Installation.publicDirectory("tawny-client");
        server = ServerProcess.start(directory.resolve("var"));
        Properties properties = new Properties();
        properties.put("mail.smtp.host", "127.0.0.1");
        properties.put("mail.smtp.port", String.valueOf(server.smtpPort()));
        properties.put("mail.smtp.allow8bitmime", "true");
        properties.put("mail.pop3.host", "127.0.0.1");
        properties.put("mail.pop3.port", String.valueOf(server.pop3Port()));
        session = Session.getInstance(properties);
    }

    @AfterAll
    void stopTheServer() throws Exception {
        server.close();
        Installation.remove(directory);
    }

    @Test
    void attachmentsAndEightBitTextComeBackByteForByte() throws Exception {
        byte[] attachment = new byte[200_000];
        new Random(7).nextBytes(attachment);
        String text = "Gr\u00fc\u00dfe aus K\u00f6ln\r\n.a line with a dot\r\n..\r\nFrom here on\r\n";

        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress("ann@far.test"));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress("you@tawny.test"));
        message.setSubject("holiday \u00fcber alles", "UTF-8");
        MimeBodyPart plain = new MimeBodyPart();
        plain.setContent(text, "text/plain; charset=iso-8859-1");
        plain.setHeader("Content-Transfer-Encoding", "8bit");
        MimeBodyPart file = new MimeBodyPart();
        file.setDataHandler(new DataHandler(new ByteArrayDataSource(attachment, "application/octet-stream")));
        file.setFileName("noise.bin");
        message.setContent(new MimeMultipart(plain, file));
        Transport.send(message);
        server.awaitDelivered("you", 1);
        // qmail-pop3d does not show what arrived in the current second.
        Await.until("the next second", Duration.ofSeconds(10), () -> messages() == 1);

        try (Store store = session.getStore("pop3")) {
            store.connect("you@tawny.test", server.password().orElseThrow());
            Folder inbox = store.getFolder("INBOX");
            inbox.open(Folder.READ_WRITE);
            assertThat(inbox.getMessageCount()).isEqualTo(1);
            Message read = inbox.getMessage(1);
            assertThat(read.getSubject()).isEqualTo("holiday \u00fcber alles");
            assertThat(read.getHeader("Delivered-To")).containsExactly("you@tawny.test");
            assertThat(read.getHeader("Return-Path")).containsExactly("<ann@far.test>");
            MimeMultipart parts = (MimeMultipart) read.getContent();
            assertThat(parts.getBodyPart(0).getInputStream().readAllBytes()).isEqualTo(text.getBytes(ISO_8859_1));
            assertThat(parts.getBodyPart(1).getInputStream().readAllBytes()).isEqualTo(attachment);
            read.setFlag(Flags.Flag.DELETED, true);
            inbox.close(true);
        }
        assertThat(server.delivered("you")).isEmpty();
    }

    private int messages() throws Exception {
        try (Store store = session.getStore("pop3")) {
            store.connect("you@tawny.test", server.password().orElseThrow());
            Folder inbox = store.getFolder("INBOX");
            inbox.open(Folder.READ_ONLY);
            return inbox.getMessageCount();
        }
    }

    @Test
    void aWrongPasswordIsRefused() throws Exception {
        try (Store store = session.getStore("pop3")) {
            assertThatThrownBy(() -> store.connect("you@tawny.test", "not the password"))
                    .isInstanceOf(AuthenticationFailedException.class)
                    .hasMessageContaining("authorization failed");
        }
    }

    @Test
    void aGreetingWithoutTimestampKeepsClientsFromTryingApop() throws Exception {
        try (Socket connection = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.pop3Port());
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(connection.getInputStream(), ISO_8859_1))) {
            assertThat(in.readLine()).isEqualTo("+OK tawny.test");
        }
    }
}
