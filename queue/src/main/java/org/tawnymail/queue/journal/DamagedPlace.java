package org.tawnymail.queue.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.disk.DiskFile;
import org.tawnymail.queue.disk.ReadableParts;

/**
 * Looks for messages in a place that does not hold. Only where a record should begin is a record looked for, and only one whose
 * body and envelope agree with their checksums is taken for one: the checksum of its head, which nobody outside can make, is
 * what does not hold. (The bytes of a mail may look like a record: they are never where one begins.)
 */
public final class DamagedPlace {

    /** Is told what lies there, from its beginning to its end. */
    public interface Finder {

        /** The record of a message, body and envelope whole, its head not. */
        void message(int at, byte[] record) throws IOException;

        /** Bytes that make no sense. */
        void rest(int from, int to) throws IOException;
    }

    /** Looks at one place of a segment. */
    public static void search(Disk disk, Damage damage, Finder finder) throws IOException {
        try (DiskFile file = disk.read(damage.segment())) {
            ReadableParts parts = new ReadableParts(file);
            int at = damage.from();
            byte[] head = new byte[RecordFormat.PAYLOAD];
            while (at < damage.to()) {
                Arrays.fill(head, (byte) 0);
                parts.read(head, 0, head.length, at);
                int length = RecordFormat.getInt(head, RecordFormat.LENGTH);
                if (!RecordFormat.isPlausible(head, 0) || length > damage.to() - at) {
                    break;
                }
                if (head[RecordFormat.TYPE] == RecordFormat.ACCEPTED) {
                    byte[] record = new byte[length];
                    parts.read(record, 0, length, at);
                    if (!RecordFormat.contentHolds(record, 0, length)) {
                        break;
                    }
                    finder.message(at, record);
                }
                at += length;
            }
            if (at < damage.to()) {
                finder.rest(at, damage.to());
            }
        }
    }

    /**
     * The places that do not hold in a segment that was set aside. Its whole records are needed no more.
     *
     * @param file a file with the name of a segment, which may have a number behind it
     * @param damages takes them
     */
    public static void find(Disk disk, Path file, Consumer<Damage> damages) throws IOException {
        String name = String.valueOf(file.getFileName());
        int dot = name.indexOf('.');
        int number = (int) SegmentFiles.numberOf(dot < 0 ? name : name.substring(0, dot));
        try (DiskFile opened = disk.read(file)) {
            byte[] bytes = new byte[SegmentHeader.LENGTH];
            new ReadableParts(opened).read(bytes, 0, bytes.length, 0);
            SegmentHeader header = new SegmentHeader(bytes);
            int size = (int) Math.min(opened.size(), Integer.MAX_VALUE);
            Segment segment = new Segment(number, file, opened, size, header.salt());
            if (header.isSealed(header.salt(), number) == SegmentHeader.Field.WHOLE) {
                segment.sealedAt(header.end());
            }
            if (!header.isWhole()) {
                segment.damaged();
            }
            new SegmentReplay(segment, damages).replay(record -> {});
        }
    }

    /** Whether a file has the name of a segment that was set aside. */
    public static boolean isSegment(String name) {
        int dot = name.indexOf('.');
        return SegmentFiles.numberOf(dot < 0 ? name : name.substring(0, dot)) >= 0
                && name.substring(dot + 1).chars().allMatch(Character::isDigit);
    }

    private DamagedPlace() {}
}
