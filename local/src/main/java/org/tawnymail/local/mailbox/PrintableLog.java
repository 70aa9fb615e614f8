package org.tawnymail.local.mailbox;

import java.util.function.Consumer;

/**
 * A log whose lines strangers cannot forge: they hold addresses and file names, and whatever in them is not printable
 * ASCII becomes {@code _}.
 *
 * @param below where the lines go
 */
public record PrintableLog(Consumer<String> below) implements Consumer<String> {

    @Override
    public void accept(String line) {
        StringBuilder printable = new StringBuilder(line);
        for (int i = 0; i < printable.length(); i++) {
            char c = printable.charAt(i);
            if (c < ' ' || c > '~') {
                printable.setCharAt(i, '_');
            }
        }
        below.accept(printable.toString());
    }
}
