package org.tawnymail.tcp.rules;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.cdb.CdbWriter;
import org.tawnymail.base.line.LineInput;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/**
 * {@code tcprules rules.cdb rules.tmp}: makes a rules file from the text on descriptor 0 (companions spec, section 1.3).
 * A running tcpserver goes by the old rules until the new ones are complete.
 */
public final class Tcprules implements Program {

    private static final String FATAL = "tcprules: fatal: ";
    private static final String USAGE = "tcprules: usage: tcprules rules.cdb rules.tmp";

    /** A person does not write longer ones. */
    private static final int LONGEST_LINE = 1 << 20;

    @Override
    public int run(Call call) throws IOException {
        if (call.arguments().size() < 2) {
            throw new Complaint(ExitCode.PERMANENT, USAGE);
        }
        String place = call.arguments().get(0);
        String temporary = call.arguments().get(1);
        try (CdbWriter rules = create(call.path(temporary), temporary)) {
            LineInput text = new LineInput(call.stdin(), LONGEST_LINE);
            for (Optional<String> line = read(text); line.isPresent(); line = read(text)) {
                add(rules, withoutTrailingBlanks(line.get()), temporary);
            }
            finish(rules, call.path(place), place, temporary);
        }
        return ExitCode.SUCCESS;
    }

    private static CdbWriter create(Path file, String name) throws Complaint {
        try {
            return CdbWriter.create(file);
        } catch (IOException e) {
            throw fatal("unable to create " + name + ": " + Errno.text(e));
        }
    }

    private static Optional<String> read(LineInput text) throws Complaint {
        try {
            return text.next();
        } catch (IOException e) {
            throw fatal("unable to read input: " + Errno.text(e));
        }
    }

    private static void add(CdbWriter rules, String line, String temporary) throws Complaint {
        try {
            Optional<RuleLine> rule = RuleLine.parse(line);
            if (rule.isPresent()) {
                byte[] data = rule.get().verdict().record();
                for (String key : rule.get().keys()) {
                    rules.add(Octets.of(key), data);
                }
            }
        } catch (RuleLine.Unparsable e) {
            throw new Complaint(ExitCode.PERMANENT, FATAL + "unable to parse this line: " + line);
        } catch (IOException e) {
            throw fatal("unable to write to " + temporary + ": " + Errno.text(e));
        }
    }

    private static void finish(CdbWriter rules, Path file, String place, String temporary) throws Complaint {
        try {
            rules.finish(file);
        } catch (IOException e) {
            boolean notMoved = e instanceof FileSystemException || e.getCause() instanceof FileSystemException;
            throw fatal((notMoved ? "unable to move " + temporary + " to " + place : "unable to write to " + temporary)
                    + ": " + Errno.text(e));
        }
    }

    private static String withoutTrailingBlanks(String line) {
        int end = line.length();
        while (end > 0 && (line.charAt(end - 1) == ' ' || line.charAt(end - 1) == '\t')) {
            end--;
        }
        return line.substring(0, end);
    }

    private static Complaint fatal(String text) {
        return new Complaint(ExitCode.TEMPORARY, FATAL + text);
    }
}
