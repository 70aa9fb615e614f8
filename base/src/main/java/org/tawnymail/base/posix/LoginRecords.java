package org.tawnymail.base.posix;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tawnymail.base.Octets;

/**
 * Who is logged in where: the login records of the system, {@code utmp(5)}.
 *
 * <p>The file is a row of records of one length. Linux on little-endian machines writes them so; the end, which differs
 * between x86-64 and AArch64, is not read:
 *
 * <pre>
 *   0      2     4          8             40        44            76              332
 *   | type | pad | pid (4)  | line (32)   | id (4)  | user (32)   | host (256)    | ... 384 or 400
 * </pre>
 *
 * Texts end at their first NUL, or fill their field. A record of type 7 is a session under way; others are the past.
 */
public final class LoginRecords {

    /** Where the records of the running system are; some systems keep none. */
    public static final Path SYSTEM = Path.of("/var/run/utmp");

    /** How long one record is on this machine: times are 4 octets on x86-64 and 8 on AArch64. */
    public static final int RECORD_LENGTH = CFunction.AARCH64 ? 400 : 384;

    private static final int SESSION = 7;
    private static final int LINE = 8;
    private static final int USER = 44;
    private static final int TEXT_LENGTH = 32;

    /** More sessions than any machine has; what follows is not looked at. */
    private static final int MOST_RECORDS = 65_536;

    /**
     * The terminals of a user's sessions, named as below the device directory, such as {@code pts/3}.
     *
     * @param records the file; one that does not exist has no records
     */
    public static List<String> terminals(Path records, String user) throws IOException {
        List<String> terminals = new ArrayList<>();
        try (InputStream file = Files.newInputStream(records);
                DataInputStream in = new DataInputStream(new BufferedInputStream(file))) {
            byte[] record = new byte[RECORD_LENGTH];
            for (int i = 0; i < MOST_RECORDS && in.readNBytes(record, 0, RECORD_LENGTH) == RECORD_LENGTH; i++) {
                if (record[0] == SESSION && record[1] == 0 && text(record, USER).equals(user)) {
                    terminals.add(text(record, LINE));
                }
            }
        } catch (NoSuchFileException none) {
            return List.of();
        }
        return terminals;
    }

    private static String text(byte[] record, int from) {
        int end = from;
        while (end < from + TEXT_LENGTH && record[end] != 0) {
            end++;
        }
        return Octets.text(record, from, end - from);
    }

    private LoginRecords() {}
}
