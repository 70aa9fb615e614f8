package org.tawnymail.proof.disk;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** When the faults of a disk strike, and which have. Guarded by the disk. */
final class Trouble {

    private final RecordingDisk.Layout layout;
    private final List<Fault> faults = new ArrayList<>();
    private final Map<Fault, Integer> failures = new HashMap<>();
    private final Set<RecordingDisk.Hit> hits = new HashSet<>();

    /** How many changes there had been when the mail system started, each time. */
    private final List<Integer> starts = new ArrayList<>();

    Trouble(RecordingDisk.Layout layout, List<Fault> faults) {
        this.layout = layout;
        this.faults.addAll(faults);
    }

    void beginStart(int changes) {
        starts.add(changes);
    }

    void end() {
        faults.clear();
    }

    /** Whether something fails now. */
    boolean strikes(Fault.Kind kind, Path path, int changes) {
        for (Fault fault : faults) {
            boolean begun = fault.kind() == kind && sinceBeginOf(fault, changes) >= 0;
            if (begun && path.startsWith(fault.below()) && failures.getOrDefault(fault, 0) < fault.lasting()) {
                failures.merge(fault, 1, Integer::sum);
                hits.add(new RecordingDisk.Hit(kind, layout.isMailbox(path)));
                return true;
            }
        }
        return false;
    }

    /** Whether there is no room; one disk has all of it. */
    boolean isFull(Path path, int changes) {
        for (Fault fault : faults) {
            int since = fault.kind() == Fault.Kind.FULL ? sinceBeginOf(fault, changes) : -1;
            if (since >= 0 && since < fault.lasting()) {
                hits.add(new RecordingDisk.Hit(Fault.Kind.FULL, layout.isMailbox(path)));
                return true;
            }
        }
        return false;
    }

    /** How many changes there have been since a fault began; negative if it has not. */
    private int sinceBeginOf(Fault fault, int changes) {
        return starts.size() < fault.start() ? -1 : changes - starts.get(fault.start() - 1) - fault.from();
    }

    Set<RecordingDisk.Hit> hits() {
        return Set.copyOf(hits);
    }

    int failures() {
        return failures.values().stream().mapToInt(Integer::intValue).sum();
    }

    int failures(Fault.Kind kind) {
        int count = 0;
        for (Map.Entry<Fault, Integer> failed : failures.entrySet()) {
            count += failed.getKey().kind() == kind ? failed.getValue() : 0;
        }
        return count;
    }
}
