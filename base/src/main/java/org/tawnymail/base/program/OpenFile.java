package org.tawnymail.base.program;

/** A stream that stands on an open file of this process, which a child process can therefore inherit as it is. */
public interface OpenFile {

    /** The number of the open file in this process. */
    int fileNumber();
}
