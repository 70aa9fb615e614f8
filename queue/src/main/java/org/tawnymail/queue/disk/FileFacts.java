package org.tawnymail.queue.disk;

import java.time.Instant;

/**
 * What a directory entry is.
 *
 * @param size bytes of a file
 * @param modified when its content was changed last, as precisely as the file system keeps it
 * @param uid who owns it
 * @param links how many names it has
 */
public record FileFacts(boolean isDirectory, boolean isFile, long size, Instant modified, int uid, int links) {}
