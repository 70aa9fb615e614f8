package org.tawnymail.proof.disk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * The bytes of one file: as programs see them, as the last force left them on the disk, and between the two every version
 * of every sector of {@value #SECTOR} bytes. A loss of power leaves any one version of each sector, and any of the lengths
 * that the file has had since the force; what lies between is zero.
 *
 * <p>Arrays are shared with other states of the disk, and copied when they are written to: a thousand states that differ in
 * one file cost little more than one.
 */
final class SimulatedFile {

    static final int SECTOR = 512;

    private byte[] content;
    private int size;

    /** Somebody else looks at the content too. */
    private boolean shared;

    private byte[] durable;
    private final Map<Integer, List<byte[]>> versions = new TreeMap<>();
    private final List<Integer> sizes = new ArrayList<>();

    /** Sectors that a failed force has given up: no later force writes them. */
    private final Set<Integer> forgotten = new HashSet<>();

    /** @param bytes all of them durable; nobody changes the array any more */
    SimulatedFile(byte[] bytes) {
        content = bytes;
        size = bytes.length;
        durable = bytes;
        shared = true;
    }

    int size() {
        return size;
    }

    /** The bytes as programs see them; not to be changed. The same array as long as nothing is written. */
    byte[] bytes() {
        if (content.length != size) {
            content = Arrays.copyOf(content, size);
        }
        shared = true;
        return content;
    }

    int read(byte[] into, int offset, int length, long position) {
        int count = Math.clamp(size - position, 0, length);
        if (count > 0) {
            System.arraycopy(content, (int) position, into, offset, count);
        }
        return count;
    }

    void write(int position, byte[] bytes) {
        int end = position + bytes.length;
        own(end);
        System.arraycopy(bytes, 0, content, position, bytes.length);
        int from = Math.min(position, size);
        size = Math.max(size, end);
        note(from, end);
    }

    void truncate(int length) {
        int old = size;
        own(length);
        if (length < size) {
            Arrays.fill(content, length, size, (byte) 0);
        }
        size = length;
        note(Math.min(old, length), Math.max(old, length));
    }

    /** From here on the content is nobody else's, and long enough. */
    private void own(int end) {
        if (end > content.length) {
            content = Arrays.copyOf(content, Math.max(end, 2 * content.length));
        } else if (shared) {
            content = content.clone();
        }
        shared = false;
    }

    private void note(int from, int end) {
        for (int sector = from / SECTOR; sector * SECTOR < end; sector++) {
            int start = sector * SECTOR;
            byte[] version = new byte[SECTOR];
            int length = Math.min(SECTOR, content.length - start);
            if (length > 0) {
                System.arraycopy(content, start, version, 0, length);
            }
            versions.computeIfAbsent(sector, first -> new ArrayList<>(2)).add(version);
            forgotten.remove(sector);
        }
        sizes.add(size);
    }

    void force() {
        if (versions.isEmpty() && sizes.isEmpty()) {
            return;
        }
        byte[] before = durable;
        durable = bytes();
        if (!forgotten.isEmpty()) {
            durable = durable.clone();
            for (int sector : forgotten) {
                int start = sector * SECTOR;
                for (int i = start; i < Math.min(start + SECTOR, durable.length); i++) {
                    durable[i] = i < before.length ? before[i] : 0;
                }
            }
        }
        versions.keySet().retainAll(forgotten);
        sizes.clear();
    }

    void forgetUnforced() {
        forgotten.addAll(versions.keySet());
    }

    boolean hasUnforced() {
        return !versions.isEmpty();
    }

    /** What is found after a loss of power. */
    SimulatedFile survivor(RandomGenerator random) {
        if (versions.isEmpty() && sizes.isEmpty()) {
            return new SimulatedFile(durable);
        }
        int which = random.nextInt(sizes.size() + 1);
        int length = which == 0 ? durable.length : sizes.get(which - 1);
        byte[] bytes = Arrays.copyOf(durable, length);
        boolean newest = random.nextBoolean();
        Chance chance = new Chance(random, versions.size());
        for (Map.Entry<Integer, List<byte[]>> sector : versions.entrySet()) {
            int start = sector.getKey() * SECTOR;
            if (chance.keeps() && start < length) {
                List<byte[]> ofSector = sector.getValue();
                int version = newest ? ofSector.size() - 1 : random.nextInt(ofSector.size());
                System.arraycopy(ofSector.get(version), 0, bytes, start, Math.min(SECTOR, length - start));
            }
        }
        return new SimulatedFile(bytes);
    }
}
