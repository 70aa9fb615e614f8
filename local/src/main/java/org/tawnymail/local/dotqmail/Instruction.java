package org.tawnymail.local.dotqmail;

import java.util.ArrayList;
import java.util.List;

/** What one line of a {@code .qmail} file asks for (core spec, section 6.4). */
public sealed interface Instruction {

    /** Deliver to a Maildir; the path ends with a slash and is relative to the home directory. */
    record ToMaildir(String path) implements Instruction {}

    /** Append to an mbox file; the path is relative to the home directory. */
    record ToMbox(String path) implements Instruction {}

    /** Run a command line. */
    record ToProgram(String commandLine) implements Instruction {}

    /** Forward to an address, taken as it stands; it may even be empty. */
    record ToAddress(String address) implements Instruction {}

    /** {@code +list}: from here on the file may only forward. */
    record ForwardOnly() implements Instruction {}

    /** The first line is blank: somebody is editing, or the file was torn. */
    record BlankFirstLine() implements Instruction {}

    /**
     * The instructions of a file, in order; comments, blank lines and unknown {@code +} lines are none. Blanks at the end
     * of a line do not belong to it, and neither does anything from a NUL on, which no address, path or command can hold.
     * The last line needs no end.
     */
    static List<Instruction> parse(String text) {
        List<Instruction> instructions = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            if (end < 0) {
                end = text.length();
            }
            String line = line(text, start, end);
            if (!line.isEmpty()) {
                parseLine(line, instructions);
            } else if (start == 0) {
                instructions.add(new BlankFirstLine());
            }
            start = end + 1;
        }
        return instructions;
    }

    private static String line(String text, int start, int end) {
        int last = end;
        while (last > start && (text.charAt(last - 1) == ' ' || text.charAt(last - 1) == '\t')) {
            last--;
        }
        String line = text.substring(start, last);
        int nul = line.indexOf('\0');
        return nul < 0 ? line : line.substring(0, nul);
    }

    private static void parseLine(String line, List<Instruction> instructions) {
        switch (line.charAt(0)) {
            case '#' -> {}
            case '.', '/' -> instructions.add(line.endsWith("/") ? new ToMaildir(line) : new ToMbox(line));
            case '|' -> instructions.add(new ToProgram(line.substring(1)));
            case '+' -> {
                if (line.equals("+list")) {
                    instructions.add(new ForwardOnly());
                }
            }
            case '&' -> instructions.add(new ToAddress(line.substring(1)));
            default -> instructions.add(new ToAddress(line));
        }
    }
}
