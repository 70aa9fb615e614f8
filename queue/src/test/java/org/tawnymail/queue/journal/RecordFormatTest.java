package org.tawnymail.queue.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.disk.DiskFile;
import org.tawnymail.queue.disk.SimulatedDisk;

/** The bytes on the disk; the expected ones were made by another program, from doc/queue-format.md. */
class RecordFormatTest {

    private static final long SALT = 0x0123456789abcdefL;

    @Test
    void aMarkHasItsBytes() {
        byte[] record = new byte[RecordFormat.PAYLOAD + 4];
        RecordFormat.begin(record, RecordFormat.DONE, 5);
        RecordFormat.putInt(record, RecordFormat.PAYLOAD, 7);
        new RecordFormat.Seal(SALT).close(record, record.length, 3, 64);
        assertThat(HexFormat.of().formatHex(record)).isEqualTo("00000015f6859dc403000000000000000500000007");
    }

    @Test
    void aListOfSegmentsHasItsBytes() {
        byte[] record = SegmentList.record(List.of(3, 4));
        new RecordFormat.Seal(SALT).close(record, record.length, 3, 64);
        assertThat(HexFormat.of().formatHex(record)).isEqualTo("00000019fe104e710b00000000000000000000000300000004");
    }

    @Test
    void anAcceptedMessageHasItsBytes() {
        byte[] message = Octets.of("Received: x\n\nhi\n");
        byte[] envelope = Octets.of("joe\0ann@x\0");
        byte[] record = new byte[RecordFormat.BODY + message.length + envelope.length];
        RecordFormat.begin(record, RecordFormat.ACCEPTED, 9);
        RecordFormat.putLong(record, RecordFormat.BIRTH, 1_741_338_245_000L);
        RecordFormat.putInt(record, RecordFormat.UID, 1042);
        RecordFormat.putInt(record, RecordFormat.RECIPIENTS, 1);
        RecordFormat.putLong(record, RecordFormat.SIZE, message.length);
        RecordFormat.putInt(record, RecordFormat.ENVELOPE_LENGTH, envelope.length);
        RecordFormat.putInt(record, RecordFormat.BODY_CRC, RecordFormat.crc(message, 0, message.length));
        RecordFormat.putInt(record, RecordFormat.ENVELOPE_CRC, RecordFormat.crc(envelope, 0, envelope.length));
        System.arraycopy(message, 0, record, RecordFormat.BODY, message.length);
        System.arraycopy(envelope, 0, record, RecordFormat.BODY + message.length, envelope.length);
        new RecordFormat.Seal(SALT).close(record, record.length, 1, 64);
        assertThat(HexFormat.of().formatHex(record))
                .isEqualTo("000000501b93609b01000000000000000900" + "0001956fd8f78800000412000000010000000000000010"
                        + "0000000a00446d5a9698bbb83b52656365697665643a20780a0a68690a6a6f6500616e6e407800");
    }

    @Test
    void aSegmentBeginsWithItsHeaderAndEndsWithASealInIt() throws Exception {
        assertThat(HexFormat.of().formatHex(SegmentHeader.of(1, SALT, 4096).array()))
                .isEqualTo("5441574e594a310a00000000000000010123456789abcdefe83be564" + "00".repeat(12) + "00001000"
                        + "33fd69fd" + "00".repeat(16));
        SimulatedDisk disk = new SimulatedDisk();
        disk.makeDirectory(Path.of("/x"));
        DiskFile file = disk.create(Path.of("/x/1"));
        Segment segment = new Segment(1, Path.of("/x/1"), file, 4096, SALT);
        segment.end(100);
        segment.seal();
        byte[] bytes = disk.bytes(Path.of("/x/1"));
        assertThat(HexFormat.of().formatHex(Arrays.copyOfRange(bytes, 32, 40))).isEqualTo("00000064aa649c01");
        SegmentHeader header = new SegmentHeader(Arrays.copyOf(bytes, SegmentHeader.LENGTH));
        assertThat(header.isSealed(SALT, 1)).isEqualTo(SegmentHeader.Field.WHOLE);
        assertThat(header.end()).isEqualTo(100);
    }

    @Test
    void aRecordHoldsOnlyWhereItWasWritten() {
        byte[] record = new byte[RecordFormat.PAYLOAD + 4];
        RecordFormat.begin(record, RecordFormat.DONE, 5);
        RecordFormat.Seal seal = new RecordFormat.Seal(SALT);
        seal.close(record, record.length, 3, 64);
        assertThat(seal.holds(record, 0, 3, 64)).isTrue();
        assertThat(seal.holds(record, 0, 4, 64))
                .as("a segment that was written again")
                .isFalse();
        assertThat(seal.holds(record, 0, 3, 65)).as("bytes that were moved").isFalse();
        assertThat(new RecordFormat.Seal(SALT + 1).holds(record, 0, 3, 64))
                .as("another queue, or somebody who does not know the salt")
                .isFalse();
    }

    @Test
    void everyFlippedBitIsNoticed() {
        byte[] record = new byte[RecordFormat.PAYLOAD + 4];
        RecordFormat.begin(record, RecordFormat.DUE, 5);
        RecordFormat.Seal seal = new RecordFormat.Seal(SALT);
        seal.close(record, record.length, 3, 64);
        for (int bit = 0; bit < record.length * 8; bit++) {
            byte[] flipped = record.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(RecordFormat.isPlausible(flipped, 0)
                            && RecordFormat.headLength(flipped, 0) <= flipped.length
                            && seal.holds(flipped, 0, 3, 64))
                    .as("bit %d", bit)
                    .isFalse();
        }
    }
}
