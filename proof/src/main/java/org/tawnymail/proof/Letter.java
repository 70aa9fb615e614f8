package org.tawnymail.proof;

import java.util.List;

/**
 * One message of a scenario. Its text names it and ends with a line of its own, so that every copy of it, whole or torn,
 * can be told apart wherever it is found.
 *
 * @param number counts from 0 within the scenario
 * @param recipients no two are alike
 * @param text as submitted
 */
record Letter(int number, String sender, List<String> recipients, String text) {

    static final String HEADER = "X-Letter: ";

    /** What asks for a sender of its own for each recipient. */
    private static final String VERP = "-@[]";

    static Letter of(int number, String sender, List<String> recipients, int filler) {
        StringBuilder text = new StringBuilder();
        text.append(HEADER).append(number).append("\nSubject: a letter\n\n");
        for (int line = 0; text.length() < filler; line++) {
            text.append("From time to time, line ")
                    .append(line)
                    .append(" of letter ")
                    .append(number)
                    .append('\n');
        }
        text.append("end of letter ").append(number).append('\n');
        return new Letter(number, sender, List.copyOf(recipients), text.toString());
    }

    /** The sender that the copy for a recipient bears. */
    String senderFor(String recipient) {
        if (!sender.endsWith(VERP)) {
            return sender;
        }
        String list = sender.substring(0, sender.length() - VERP.length());
        int at = list.lastIndexOf('@');
        return list.substring(0, at) + recipient.replace('@', '=') + list.substring(at);
    }
}
