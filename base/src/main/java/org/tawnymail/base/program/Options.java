package org.tawnymail.base.program;

import java.util.ArrayList;
import java.util.List;

/**
 * The option parser of all programs (companions spec, section 0.1); it is not that of GNU.
 *
 * <p>Options end at the first argument that does not begin with {@code -}, at {@code -} alone (which is kept) and after
 * {@code --} (which is not). {@code -abc} is three flags; a value is what follows its letter, or the next argument.
 *
 * @param options the options in the order given; the later of two equal ones usually wins
 * @param operands what is left
 */
public record Options(List<Option> options, List<String> operands) {

    /**
     * @param letter the option's letter
     * @param value its value; empty for a flag
     */
    public record Option(char letter, String value) {}

    /** An argument that the program does not know; the message is the line that the parser prints. */
    public static final class Unknown extends Exception {
        private Unknown(String line) {
            super(line);
        }

        /** Such as {@code sendmail: illegal option -- q}. */
        public String line() {
            return String.valueOf(getMessage());
        }
    }

    /**
     * Parses the arguments of a call.
     *
     * @param letters the letters that are known, each followed by {@code :} if it takes a value, as in {@code vc:}; by
     *     {@code ::} if its value is whatever follows in the same argument, and may be missing
     */
    public static Options parse(Call call, String letters) throws Unknown {
        List<Option> options = new ArrayList<>();
        List<String> arguments = call.arguments();
        int next = 0;
        while (next < arguments.size()) {
            String argument = arguments.get(next);
            if (!argument.startsWith("-") || argument.equals("-")) {
                break;
            }
            next++;
            if (argument.equals("--")) {
                break;
            }
            for (int i = 1; i < argument.length(); i++) {
                char letter = argument.charAt(i);
                int known = letter == ':' ? -1 : letters.indexOf(letter);
                if (known < 0) {
                    throw new Unknown(call.programName() + ": illegal option -- " + letter);
                }
                if (!letters.startsWith(":", known + 1)) {
                    options.add(new Option(letter, ""));
                    continue;
                }
                boolean onlyGlued = letters.startsWith("::", known + 1);
                if (onlyGlued || i + 1 < argument.length()) {
                    options.add(new Option(letter, argument.substring(i + 1)));
                } else if (next < arguments.size()) {
                    options.add(new Option(letter, arguments.get(next++)));
                } else {
                    throw new Unknown(call.programName() + ": option requires an argument -- " + letter);
                }
                break;
            }
        }
        return new Options(List.copyOf(options), List.copyOf(arguments.subList(next, arguments.size())));
    }
}
