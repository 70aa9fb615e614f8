package org.tawnymail.base.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErrnoTest {

    @TempDir
    private Path directory;

    @Test
    void theTextsAreThoseOfQmailAndNotOfTheLibrary() {
        assertThat(Errno.text(1)).isEqualTo("permission denied");
        assertThat(Errno.text(13)).isEqualTo("access denied");
        assertThat(Errno.text(2)).isEqualTo("file does not exist");
        assertThat(Errno.text(0)).isEqualTo("no error");
        assertThat(Errno.text(9999)).isEqualTo("unknown error");
    }

    @Test
    void aMissingFileIsForGoodAndAFullDiskIsNot() {
        assertThat(Errno.ENOENT.isTemporary()).isFalse();
        assertThat(Errno.EACCES.isTemporary()).isFalse();
        assertThat(Errno.EROFS.isTemporary()).isFalse();
        assertThat(Errno.ENOSPC.isTemporary()).isTrue();
        assertThat(Errno.EMFILE.isTemporary()).isTrue();
        assertThat(Errno.isTemporary(9999)).isFalse();
    }

    @Test
    void theErrorBehindAnExceptionOfTheJdkIsKnown() throws IOException {
        Path none = directory.resolve("none");
        Path file = Files.writeString(directory.resolve("file"), "x");
        Path loop = Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
        assertThat(errnoOf(() -> Files.newInputStream(none))).isEqualTo(Errno.ENOENT);
        assertThat(errnoOf(() -> new FileInputStream(none.toFile()))).isEqualTo(Errno.ENOENT);
        assertThat(errnoOf(() -> new FileOutputStream(directory.toFile()))).isEqualTo(Errno.EISDIR);
        assertThat(errnoOf(() -> Files.createDirectory(file))).isEqualTo(Errno.EEXIST);
        assertThat(errnoOf(() -> Files.newInputStream(file.resolve("below")))).isEqualTo(Errno.ENOTDIR);
        assertThat(errnoOf(() -> Files.delete(directory))).isEqualTo(Errno.ENOTEMPTY);
        assertThat(errnoOf(() -> Files.newInputStream(loop))).isEqualTo(Errno.ELOOP);
        assertThat(Errno.of(new SocketTimeoutException("Read timed out"))).contains(Errno.ETIMEDOUT);
        assertThat(Errno.of(new IOException("No space left on device"))).contains(Errno.ENOSPC);
        assertThat(Errno.of(new IOException("Connection reset by peer"))).contains(Errno.ECONNRESET);
        assertThat(Errno.of(new SystemError("unable to open x", 13))).contains(Errno.EACCES);
        assertThat(Errno.text(new IOException("something of ours"))).isEqualTo("something of ours");
        assertThat(Errno.text(new IOException())).isEqualTo("unknown error");
    }

    private static Errno errnoOf(ThrowingCallable failing) {
        IOException failure = catchThrowableOfType(IOException.class, failing);
        return Errno.of(failure).orElseThrow(() -> new AssertionError("not known", failure));
    }
}
