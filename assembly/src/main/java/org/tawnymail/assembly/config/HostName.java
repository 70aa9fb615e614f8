package org.tawnymail.assembly.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/** What {@code gethostname} says; as a program, {@code tawny hostname} prints it. */
public final class HostName implements Program {

    /** Where Linux tells it. */
    public static final Path KERNELS = Path.of("/proc/sys/kernel/hostname");

    private final Path file;

    public HostName(Path file) {
        this.file = file;
    }

    String now() throws IOException {
        return Files.readString(file, ISO_8859_1).strip();
    }

    @Override
    public int run(Call call) throws IOException {
        call.stdout().write(Octets.of(now() + "\n"));
        call.stdout().flush();
        return ExitCode.SUCCESS;
    }
}
