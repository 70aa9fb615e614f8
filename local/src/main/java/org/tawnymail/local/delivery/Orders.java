package org.tawnymail.local.delivery;

import java.util.List;
import java.util.Optional;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.local.dotqmail.DotQmailFile;
import org.tawnymail.local.dotqmail.Instruction;

/**
 * The instructions that count for one delivery, and how far they were followed (core spec, sections 6.2 to 6.4). Belongs
 * to one thread; is followed once.
 */
final class Orders {

    /** Carries out one instruction, or tells of it; the result is an exit code. */
    interface Follower {
        int maildir(String path) throws Complaint;

        int mbox(String path) throws Complaint;

        int program(String commandLine) throws Complaint;

        int forward(String address) throws Complaint;
    }

    private final List<Instruction> instructions;
    private final Optional<String> defaulted;
    private boolean forwardOnly;
    private int files;
    private int forwards;
    private int programs;

    private Orders(List<Instruction> instructions, boolean forwardOnly, Optional<String> defaulted) {
        this.instructions = instructions;
        this.forwardOnly = forwardOnly;
        this.defaulted = defaulted;
    }

    /**
     * What counts: the file; if it is empty, or if there is none and the address has no extension, the default.
     *
     * @throws Complaint if there is no such mailbox
     */
    static Orders of(Optional<DotQmailFile> file, Delivery delivery) throws Complaint {
        if (file.isEmpty() && !delivery.dash().isEmpty()) {
            throw new Complaint(ExitCode.PERMANENT, "Sorry, no mailbox here by that name. (#5.1.1)");
        }
        Optional<String> defaulted = file.flatMap(DotQmailFile::defaulted);
        if (file.isEmpty() || file.get().text().isEmpty()) {
            // With its line end, an empty default is a blank first line: mail waits, and none is thrown away.
            return new Orders(Instruction.parse(delivery.defaultInstructions() + "\n"), false, defaulted);
        }
        return new Orders(Instruction.parse(file.get().text()), file.get().forwardOnly(), defaulted);
    }

    Optional<String> defaulted() {
        return defaulted;
    }

    /** Whether an instruction needs to know the sender of what is forwarded: as an address or as a variable. */
    boolean needNewSender() {
        for (Instruction instruction : instructions) {
            if (instruction instanceof Instruction.ToProgram || instruction instanceof Instruction.ToAddress) {
                return true;
            }
        }
        return false;
    }

    /** Follows the instructions until one's exit code is not 0, and returns that, or 0. */
    int follow(Follower follower) throws Complaint {
        for (Instruction instruction : instructions) {
            int code = step(instruction, follower);
            if (code != ExitCode.SUCCESS) {
                return code;
            }
        }
        return ExitCode.SUCCESS;
    }

    private int step(Instruction instruction, Follower follower) throws Complaint {
        return switch (instruction) {
            case Instruction.ToMaildir(String path) -> {
                countFile();
                yield follower.maildir(path);
            }
            case Instruction.ToMbox(String path) -> {
                countFile();
                yield follower.mbox(path);
            }
            case Instruction.ToProgram(String commandLine) -> {
                programs++;
                if (forwardOnly) {
                    throw temporary("Uh-oh: .qmail has prog delivery but has x bit set. (#4.7.0)");
                }
                yield follower.program(commandLine);
            }
            case Instruction.ToAddress(String address) -> {
                forwards++;
                yield follower.forward(address);
            }
            case Instruction.ForwardOnly() -> {
                forwardOnly = true;
                yield ExitCode.SUCCESS;
            }
            case Instruction.BlankFirstLine() -> throw temporary("Uh-oh: first line of .qmail file is blank. (#4.2.1)");
        };
    }

    private void countFile() throws Complaint {
        files++;
        if (forwardOnly) {
            throw temporary("Uh-oh: .qmail has file delivery but has x bit set. (#4.7.0)");
        }
    }

    /** How many deliveries to files, forwards and programs were reached: {@code did 1+0+0}, with its LF. */
    String did() {
        return "did " + files + "+" + forwards + "+" + programs + "\n";
    }

    private static Complaint temporary(String text) {
        return new Complaint(ExitCode.TEMPORARY, text);
    }
}
