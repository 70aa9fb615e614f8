package org.tawnymail.inject;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.control.ControlFile;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.control.ControlMap;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Environment;
import org.tawnymail.message.address.HostDefaults;
import org.tawnymail.message.address.Token;
import org.tawnymail.message.address.Tokenizer;

/**
 * What environment and control files say before the first argument is looked at (core spec, sections 3.1 to 3.3).
 *
 * @param hosts what completes the hosts of addresses
 * @param idHost the right side of created Message-IDs
 * @param author who writes
 * @param letters the letters of QMAILINJECT
 * @param mailingLists the addresses that QMAILMFTFILE lists, if it names a file
 */
record InjectSettings(
        HostDefaults hosts, String idHost, Author author, Letters letters, Optional<ControlMap> mailingLists) {

    /**
     * @throws Complaint if a control file or the file of mailing lists is there and cannot be read, or a setting is no
     *     host
     */
    static InjectSettings read(Call call, ControlFiles controls) throws Complaint {
        Environment environment = call.environment();
        Letters letters = Letters.of(environment.get("QMAILINJECT"));
        Author author = Author.of(environment);
        try {
            List<Token> domain =
                    tokens(".", setting(environment, "QMAILDEFAULTDOMAIN", controls, ControlFile.DEFAULTDOMAIN));
            List<Token> host = tokens("@", setting(environment, "QMAILDEFAULTHOST", controls, ControlFile.DEFAULTHOST));
            List<Token> plus = tokens(".", setting(environment, "QMAILPLUSDOMAIN", controls, ControlFile.PLUSDOMAIN));
            String idHost = setting(environment, "QMAILIDHOST", controls, ControlFile.IDHOST);
            HostDefaults hosts = new HostDefaults(host, domain, plus);
            return new InjectSettings(hosts, idHost, author, letters, mailingLists(call));
        } catch (Complaint complaint) {
            throw complaint;
        } catch (IOException | InvalidPathException unreadable) {
            throw Fatal.readError();
        }
    }

    private static String setting(Environment environment, String variable, ControlFiles controls, ControlFile file)
            throws IOException {
        Optional<String> value = environment.get(variable);
        return Author.onOneLine(value.isPresent() ? value.get() : controls.line(file));
    }

    private static List<Token> tokens(String sign, String host) throws Complaint {
        String signed = sign.concat(host);
        Optional<List<Token>> tokens = Tokenizer.tokens(signed);
        if (tokens.isEmpty()) {
            throw Fatal.unparsableLine(signed);
        }
        return tokens.get();
    }

    private static Optional<ControlMap> mailingLists(Call call) throws IOException {
        Optional<String> file = call.environment().get("QMAILMFTFILE");
        return file.isEmpty() || file.get().isEmpty()
                ? Optional.empty()
                : new ControlFiles(call.directory()).set(call.path(file.get()).toString());
    }
}
