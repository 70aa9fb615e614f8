package org.tawnymail.queue.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The bytes on the disk; the expected ones were made by another program, from doc/queue-format.md. */
class MarkRecordsTest {

    @Test
    void aRecipientWhoFailedHasTheNumberOfThePieceThatSaysSo() {
        byte[] record = MarkRecords.failed(5, 1, List.of(Map.entry(2, 7)));
        assertThat(HexFormat.of().formatHex(record, 8, record.length))
                .isEqualTo("0a0000000000000005000000010000000700000002");
    }
}
