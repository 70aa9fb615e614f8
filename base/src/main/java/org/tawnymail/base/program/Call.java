package org.tawnymail.base.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.tawnymail.base.Octets;

/**
 * One call of a program: everything that an operating system would give a process.
 *
 * <p>All text is ISO-8859-1, one char an octet.
 *
 * @param name the command as given, which may be a path; {@link #programName} is its last component
 * @param arguments what follows the name
 * @param environment the variables the program sees
 * @param descriptors the numbered streams the program sees
 * @param directory the absolute path of the working directory, against which relative file names are resolved
 * @param pid a number that no other call on this machine has at the same time: the process id where the program is a
 *     process, else from {@link ProcessNumbers}
 */
public record Call(
        String name,
        List<String> arguments,
        Environment environment,
        Descriptors descriptors,
        Path directory,
        long pid) {

    public Call {
        arguments = List.copyOf(arguments);
        if (!directory.isAbsolute()) {
            throw new IllegalArgumentException("working directory is not absolute: " + directory);
        }
    }

    /** A call inside this process, with a number of its own. */
    public Call(String name, List<String> arguments, Environment environment, Descriptors descriptors, Path directory) {
        this(name, arguments, environment, descriptors, directory, ProcessNumbers.next());
    }

    /** The last path component of the name: what messages of the option parser begin with. */
    public String programName() {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** Descriptor 0. */
    public InputStream stdin() throws IOException {
        return descriptors.in(0);
    }

    /** Descriptor 1. */
    public OutputStream stdout() throws IOException {
        return descriptors.out(1);
    }

    /** Descriptor 2. */
    public OutputStream stderr() throws IOException {
        return descriptors.out(2);
    }

    /** A file name of the program's, resolved against its working directory. */
    public Path path(String fileName) {
        return directory.resolve(Octets.path(fileName));
    }

    /** The same surroundings for another command, which gets a number of its own. */
    public Call command(String command, List<String> itsArguments) {
        return new Call(command, itsArguments, environment, descriptors, directory);
    }

    /** The same surroundings for another command line: its first word is the command. */
    public Call command(List<String> commandLine) {
        return command(commandLine.getFirst(), commandLine.subList(1, commandLine.size()));
    }

    /** What this call becomes, as by {@code exec}: another command in the same surroundings, and with the same number. */
    public Call replacedBy(String command, List<String> itsArguments) {
        return new Call(command, itsArguments, environment, descriptors, directory, pid);
    }

    public Call withEnvironment(Environment changed) {
        return new Call(name, arguments, changed, descriptors, directory, pid);
    }

    public Call withDescriptors(Descriptors changed) {
        return new Call(name, arguments, environment, changed, directory, pid);
    }

    public Call withDirectory(Path changed) {
        return new Call(name, arguments, environment, descriptors, changed, pid);
    }

    /**
     * Prints one line on descriptor 2. A descriptor 2 that is closed or broken loses the line, as it would for any
     * program; nothing else may depend on it.
     */
    public void complain(String line) {
        try {
            OutputStream err = stderr();
            err.write(Octets.of(line + "\n"));
            err.flush();
        } catch (IOException lost) {
            // There is nobody left to tell; the exit code still speaks.
        }
    }
}
