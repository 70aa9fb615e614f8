package org.tawnymail.assembly.install;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.FileStatus;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/**
 * {@code instcheck}: says on descriptor 2 what in the home is not as {@link HomeLayout} wants it (core spec, section 11.10). A
 * home that root does not own is checked as the private home of its owner.
 */
public final class Instcheck implements Program {

    private static final int PERMISSIONS = 07777;

    private final Home home;
    private final Collection<String> programs;

    /** @param programs the names that belong into {@code bin} */
    public Instcheck(Home home, Collection<String> programs) {
        this.home = home;
        this.programs = programs;
    }

    @Override
    public int run(Call call) throws IOException {
        FileStatus top;
        try {
            top = FileStatus.of(home.path());
        } catch (NoSuchFileException none) {
            call.complain(warning(home.path() + " does not exist"));
            return ExitCode.SUCCESS;
        }
        boolean isPrivate = top.uid() != 0;
        Owners owners = isPrivate ? new Owners.Everybody(top.uid(), top.gid()) : new Owners.ByName();
        StringBuilder warnings = new StringBuilder();
        for (Place place : new HomeLayout(home.path(), programs).all()) {
            check(place, owners, warnings);
        }
        OutputStream err = call.stderr();
        err.write(Octets.of(warnings.toString()));
        err.flush();
        return ExitCode.SUCCESS;
    }

    private static void check(Place place, Owners owners, StringBuilder warnings) throws IOException {
        String path = Octets.fileName(place.path());
        FileStatus status;
        try {
            status = FileStatus.ofLink(place.path());
        } catch (NoSuchFileException none) {
            warnings.append(warning(path + " does not exist\n"));
            return;
        }
        if (place.isOurs()) {
            if (status.uid() != owners.uid(place.user())) {
                warnings.append(warning(path + " has wrong owner\n"));
            }
            if (status.gid() != owners.gid(place.group())) {
                warnings.append(warning(path + " has wrong group\n"));
            }
            if ((status.mode() & PERMISSIONS) != place.mode()) {
                warnings.append(warning(path + " has wrong permissions\n"));
            }
        }
        boolean isThatKind = switch (place.kind()) {
            case DIRECTORY -> status.isDirectory();
            case FILE -> status.isRegular();
            case LINK -> status.isLink();
        };
        if (!isThatKind) {
            warnings.append(warning(path + " has wrong type\n"));
        }
    }

    private static String warning(String text) {
        return "instcheck: warning: " + text;
    }
}
