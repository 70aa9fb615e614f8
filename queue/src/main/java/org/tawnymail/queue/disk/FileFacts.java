package org.tawnymail.queue.disk;

import java.time.Instant;

/**
 * What a directory entry is.
 *
 * @param size bytes of a file
 * @param modified when its content was changed last, as precisely as the file system keeps it
 */
public record FileFacts(boolean isDirectory, boolean isFile, long size, Instant modified) {}
