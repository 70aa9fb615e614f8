package org.tawnymail.proof;

import java.util.List;

/**
 * One message of a scenario. Its text names it and ends with a line of its own, so that every copy of it, whole or torn,
 * can be told apart wherever it is found.
 *
 * @param number counts from 0 within the scenario
 * @param text as submitted
 */
record Letter(int number, String sender, List<String> recipients, String text) {

    static final String HEADER = "X-Letter: ";

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
}
