package org.tawnymail.queue;

import org.tawnymail.base.program.Ending;

/**
 * The exit codes of qmail-queue and what they mean to those who submit (core spec, sections 2.2 and 2.6). Exit code, signal
 * and text of descriptor 6 are translated here and nowhere else.
 */
public final class QueueExit {

    public static final int ADDRESS_TOO_LONG_CODE = 11;
    public static final int WRITE_ERROR_CODE = 53;
    public static final int READ_ERROR_CODE = 54;
    public static final int INTERNAL_BUG_CODE = 81;
    public static final int FORMAT_CODE = 91;
    public static final int NOT_RUN_CODE = 120;

    /** Any permanent problem that has no code of its own. */
    public static final int PERMANENT_CODE = 31;

    /** The program wrote its own text to descriptor 6. */
    public static final int OWN_TEXT_CODE = 82;

    public static final String ADDRESS_TOO_LONG = "envelope address too long for qq (#5.1.3)";
    public static final String WRITE_ERROR = "qq write error or disk full (#4.3.0)";
    public static final String OUT_OF_MEMORY = "qq out of memory (#4.3.0)";
    public static final String READ_ERROR = "qq read error (#4.3.0)";
    public static final String INTERNAL_BUG = "qq internal bug (#4.3.0)";
    public static final String NOT_RUN = "unable to exec qq (#4.3.0)";
    public static final String TEMPORARY = "qq temporary problem (#4.3.0)";

    /** What is needed in the queue directory could not be made. */
    public static final String NO_FILES = "qq trouble creating files in queue (#4.3.0)";

    /** No connection to the owner of the queue could be made or kept. */
    public static final String NETWORK_TROUBLE = "qq trouble making network connection (#4.3.0)";

    /** What a submission ended with. */
    public static QueueResult of(Ending ending, String text, long qp) {
        return switch (ending) {
            case Ending.Killed killed -> temporary("qq crashed (#4.3.0)");
            case Ending.Exited exited -> of(exited.code(), text, qp);
        };
    }

    private static QueueResult of(int code, String text, long qp) {
        if (code == OWN_TEXT_CODE && text.length() > 2) {
            return new QueueResult.Refused(text.charAt(0) == 'D', text.substring(1));
        }
        return switch (code) {
            case 0 -> new QueueResult.Accepted(qp);
            case 11, 115 -> permanent(ADDRESS_TOO_LONG);
            case 31 -> permanent("mail server permanently rejected message (#5.3.0)");
            case 51 -> temporary(OUT_OF_MEMORY);
            case 52 -> temporary("qq timeout (#4.3.0)");
            case 53 -> temporary(WRITE_ERROR);
            case 54 -> temporary(READ_ERROR);
            case 55 -> temporary("qq unable to read configuration (#4.3.0)");
            case 56 -> temporary(NETWORK_TROUBLE);
            case 61 -> temporary("qq trouble in home directory (#4.3.0)");
            case 62, 63, 64, 65, 66 -> temporary(NO_FILES);
            case 71 -> temporary("mail server temporarily rejected message (#4.3.0)");
            case 72 -> temporary("connection to mail server timed out (#4.4.1)");
            case 73 -> temporary("connection to mail server rejected (#4.4.1)");
            case 74 -> temporary("communication with mail server failed (#4.4.2)");
            case 81, 91 -> temporary(INTERNAL_BUG);
            case 120 -> temporary(NOT_RUN);
            default -> code > 10 && code < 41 ? permanent("qq permanent problem (#5.3.0)") : temporary(TEMPORARY);
        };
    }

    /** The exit code that says the same; one of the codes above where there is a text of its own for it. */
    public static int code(QueueResult result) {
        return switch (result) {
            case QueueResult.Accepted accepted -> 0;
            case QueueResult.Refused refused -> code(refused);
        };
    }

    private static int code(QueueResult.Refused refused) {
        for (int code = 11; code <= NOT_RUN_CODE; code++) {
            if (of(code, "", 0).equals(refused)) {
                return code;
            }
        }
        return OWN_TEXT_CODE;
    }

    private static QueueResult permanent(String text) {
        return new QueueResult.Refused(true, text);
    }

    private static QueueResult temporary(String text) {
        return new QueueResult.Refused(false, text);
    }

    private QueueExit() {}
}
